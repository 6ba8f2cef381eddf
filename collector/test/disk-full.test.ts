import { execFileSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import {
  anEvent,
  envelopeOf,
  IS_PROOF,
  newDataDir,
  removeDataDir,
  runCollector,
  type RunningCollector,
} from './running-collector.ts'

// A volume of its own that is full, which only root can mount; and a limit on the size of files that the process is
// under, which fails writes in the same place.
const VOLUME_MB = 24
/** To fill it up on a busy machine. */
const TIMEOUT_MS = 120_000

interface SmallDisk {
  dataDir: string
  start(): Promise<RunningCollector>
  /** Makes room again. */
  grow(collector: RunningCollector): Promise<void>
  remove(): Promise<void>
}

async function smallTmpfs(): Promise<SmallDisk> {
  const dataDir = await newDataDir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${VOLUME_MB}m`, 'tmpfs', dataDir], { stdio: 'pipe' })
  // Taken up by something else, so that there is something to give back.
  const ballast = join(dataDir, 'ballast')
  await writeFile(ballast, Buffer.alloc((VOLUME_MB / 2) * 1024 * 1024))
  return {
    dataDir,
    start: () => runCollector(dataDir),
    grow: () => rm(ballast),
    async remove() {
      execFileSync('umount', [dataDir])
      await removeDataDir(dataDir)
    },
  }
}

async function fileSizeLimit(): Promise<SmallDisk> {
  const dataDir = await newDataDir()
  const limit = (collector: RunningCollector, bytes: string) =>
    execFileSync('prlimit', ['--pid', String(collector.process.pid), `--fsize=${bytes}:`])
  return {
    dataDir,
    async start() {
      const collector = await runCollector(dataDir)
      limit(collector, String((VOLUME_MB / 4) * 1024 * 1024))
      return collector
    },
    grow: async collector => void limit(collector, 'unlimited'),
    remove: () => removeDataDir(dataDir),
  }
}

test.for([
  ['a full volume', smallTmpfs],
  ['a limit on the size of files', fileSizeLimit],
] as const)(
  'with %s reports are refused, nothing acknowledged is lost, and service returns',
  { timeout: TIMEOUT_MS },
  async ([name, make], { skip }) => {
    const disk = await make().catch((error: Error) => skip(`this user cannot make one: ${error.message}`))
    const collector = await disk.start()
    try {
      const acknowledged: string[] = []
      const send = async () => {
        const event = anEvent({ extra: { note: 'x'.repeat(3000) } })
        const response = await collector.post(envelopeOf(event))
        if (response.status === 200) acknowledged.push(event.event_id)
        return response
      }
      const untilRefused = async (): Promise<Response> => {
        for (;;) {
          const response = await send()
          if (response.status !== 200) return response
        }
      }
      const refusals = await Promise.all(Array.from({ length: 16 }, untilRefused))
      for (const refusal of refusals) {
        expect([refusal.status, (await refusal.json()).error]).toEqual([503, 'not_stored'])
        expect(refusal.headers.get('retry-after')).toBe('5')
      }
      const beforeRoom = acknowledged.length
      expect(beforeRoom).toBeGreaterThan(100)
      const told = collector.errors().trim().split('\n')
      const failed = told.filter(line => line.includes('A transaction failed'))
      for (const line of failed) expect(line).toMatch(/disk is full|disk I\/O error/)
      // Said once; a second time where a smaller transaction has still found room. Beside it at most that the rates of
      // sampling are not renewed.
      expect([1, 2]).toContain(failed.length)
      expect(told.length).toBeLessThanOrEqual(failed.length + 1)
      // What is there can be read all the while.
      expect((await collector.get(`/api/1/events/${acknowledged[0]}`)).event_id).toBe(acknowledged[0])

      await disk.grow(collector)
      await expect.poll(async () => (await send()).status).toBe(200)
      for (let n = 0; n < 50; n++) expect((await send()).status).toBe(200)
      expect((await collector.get('/api/1/outcomes')).stored).toBe(acknowledged.length)
      await collector.stop('SIGKILL')

      const db = new Database(join(disk.dataDir, 'ohnoes.db'))
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      const ids = new Set(db.prepare('SELECT event_id FROM events').pluck().all())
      db.close()
      expect(acknowledged.filter(id => !ids.has(id))).toEqual([])
      expect(ids.size).toBe(acknowledged.length)
      if (IS_PROOF)
        console.log(
          `${name}: ${beforeRoom} acknowledged before it, ${acknowledged.length - beforeRoom} after it, all there`,
        )
    } finally {
      await collector.stop('SIGKILL')
      await disk.remove()
    }
  },
)
