import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anEvent,
  aMetricItem,
  aSessionItem,
  envelopeOfItems,
  IS_PROOF,
  newDataDir,
  removeDataDir,
  repeatableRandom,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

// `npm run crash` is this with 50 rounds and another seed each time.
const ROUNDS = IS_PROOF ? 50 : 3
const SEED = IS_PROOF ? Date.now() % 2 ** 31 : 20261123
const SENDERS = 24
const MAX_LOAD_MS = 1500

let dataDir: string
beforeAll(async () => {
  dataDir = await newDataDir()
})
afterAll(() => removeDataDir(dataDir))

/** What was acknowledged so far, over all rounds. */
const acknowledged = { events: new Set<string>(), sessions: new Set<string>(), vitals: 0 }
let sessionCount = 0

/** Sends envelopes of an event, a session and a vital until the collector is gone. */
async function sendUntilKilled(collector: RunningCollector): Promise<void> {
  for (;;) {
    const event = anEvent({ fingerprint: [`group ${sessionCount % 50}`], extra: { note: 'x'.repeat(500) } })
    const sid = `crash ${sessionCount++}`
    const body = envelopeOfItems([
      [{ type: 'event' }, event],
      aSessionItem({ sid }),
      aMetricItem([['LCP', '/cart', 1000]]),
    ])
    const response = await collector.post(body).catch(() => undefined)
    if (!response) return
    expect(response.status).toBe(200)
    // Only a whole answer is an acknowledgement.
    if ((await response.json().catch(() => ({}))).id !== event.event_id) return
    acknowledged.events.add(event.event_id)
    acknowledged.sessions.add(sid)
    acknowledged.vitals++
  }
}

/** Counts of what is stored, by what has to agree; the file is read as the killed process has left it. */
function readStore() {
  const db = new Database(join(dataDir, 'ohnoes.db'))
  const number = (sql: string) => Number(db.prepare(sql).pluck().get())
  const stored = {
    isSound: db.pragma('integrity_check', { simple: true }),
    ids: new Set(db.prepare('SELECT event_id FROM events').pluck().all() as string[]),
    rows: number('SELECT count(*) FROM events'),
    counts: {
      outcomes: number(`SELECT total(quantity) FROM outcomes WHERE kind = 'stored'`),
      groups: number('SELECT total(events) FROM groups'),
      fingerprints: number('SELECT total(events) FROM fingerprints'),
      hours: number('SELECT total(events) FROM fingerprint_hours'),
      keys: number('SELECT total(events) FROM key_hours'),
      sessions: number('SELECT count(*) FROM sessions'),
      vitals: number('SELECT count(*) FROM vitals'),
    },
  }
  db.close()
  return stored
}

test(
  `${ROUNDS} times killed under load, whatever was acknowledged is there once (seed ${SEED})`,
  async () => {
    const random = repeatableRandom(SEED)
    let rounds = 0
    for (let before = 0; rounds < ROUNDS; rounds++) {
      const collector = await runCollector(dataDir)
      const senders = Array.from({ length: SENDERS }, () => sendUntilKilled(collector))
      // Once it takes them, at any time.
      await expect.poll(() => acknowledged.events.size, { timeout: 60_000 }).toBeGreaterThan(before)
      setTimeout(() => collector.process.kill('SIGKILL'), random() * MAX_LOAD_MS)
      await Promise.all(senders)
      await collector.stop('SIGKILL')
      expect(collector.errors()).toBe('')

      const { isSound, ids, rows, counts } = readStore()
      expect(isSound).toBe('ok')
      expect([...acknowledged.events].filter(id => !ids.has(id))).toEqual([])
      expect(ids.size).toBe(rows)
      // One event, session and vital each, all of them in one transaction.
      expect(counts).toEqual(Object.fromEntries(Object.keys(counts).map(name => [name, rows])))
      if (IS_PROOF)
        console.log(
          `round ${rounds + 1}: ${acknowledged.events.size - before} acknowledged, ${rows} rows in all`,
        )
      before = acknowledged.events.size
    }
    expect([rounds, acknowledged.sessions.size]).toEqual([ROUNDS, acknowledged.vitals])

    const collector = await runCollector(dataDir)
    const { stored } = await collector.get('/api/1/outcomes')
    expect(stored).toBeGreaterThanOrEqual(acknowledged.events.size)
    await collector.stop('SIGTERM')
  },
  ROUNDS * 30_000,
)
