import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkDatabase } from '../src/sqlite/backup.ts'
import {
  anEvent,
  envelopeOf,
  newDataDir,
  removeDataDir,
  runCollector,
  runCommand,
  type RunningCollector,
} from './running-collector.ts'

let dataDir: string
let collector: RunningCollector
beforeEach(async () => {
  dataDir = await newDataDir()
  collector = await runCollector(dataDir)
})
afterEach(async () => {
  await collector.stop('SIGKILL')
  await removeDataDir(dataDir)
})

const post = async (fields: Record<string, unknown> = {}) => {
  const event = anEvent(fields)
  expect((await collector.post(envelopeOf(event))).status).toBe(200)
  return event
}
const statusOf = async ({ event_id }: Record<string, any>) =>
  (await fetch(`${collector.url}/api/1/events/${event_id}`)).status

test('a backup under load has whatever was acknowledged before it, and opens as a store of its own', async () => {
  const before = await Promise.all(Array.from({ length: 50 }, () => post()))
  let isDone = false
  const load = (async () => {
    let count = 0
    for (; !isDone; count++) await post()
    return count
  })()
  const file = join(dataDir, 'copy', '..', 'copy.db')
  const { code, output, errors } = await runCommand(dataDir, ['backup', file])
  isDone = true
  expect([code, errors]).toEqual([0, ''])
  expect(output).toMatch(/copy\.db · \d+ bytes · checked\n$/)
  expect(await load).toBeGreaterThan(0)

  const restored = await newDataDir()
  await writeFile(join(restored, 'ohnoes.db'), await readFile(join(dataDir, 'copy.db')))
  const other = await runCollector(restored)
  for (const { event_id } of before)
    expect((await other.get(`/api/1/events/${event_id}`)).event_id).toBe(event_id)
  const { groups } = await other.get('/api/1/groups')
  expect(groups[0].occurrences.estimate).toBe((await other.get('/api/1/outcomes')).stored)
  await other.stop('SIGTERM')
  await removeDataDir(restored)
})

test('a backup overwrites nothing, and leaves nothing half done', async () => {
  const file = join(dataDir, 'copy.db')
  await writeFile(file, 'precious')
  expect(await runCommand(dataDir, ['backup', file])).toMatchObject({
    code: 2,
    errors: `${file} is there already: name a new file.\n`,
  })
  expect(await readFile(file, 'utf8')).toBe('precious')
  const { code, errors } = await runCommand(dataDir, ['backup', join(dataDir, 'none', 'copy.db')])
  expect([code, errors]).toEqual([1, expect.stringMatching(/unable to open database/)])
  const empty = await newDataDir()
  expect((await runCommand(empty, ['backup', file + '2'])).code).toBe(1)
  await expect(access(file + '2')).rejects.toThrow()
  await removeDataDir(empty)
})

test('a damaged file is no backup', () => {
  const file = join(dataDir, 'a.db')
  const db = new Database(file)
  db.exec('CREATE TABLE a (b TEXT)')
  const insert = db.prepare('INSERT INTO a VALUES (?)')
  for (let n = 0; n < 500; n++) insert.run('x'.repeat(500))
  db.close()
  expect(() => checkDatabase(file)).not.toThrow()
  return readFile(file).then(async bytes => {
    bytes.fill(0x55, 4096 * 3, 4096 * 6)
    await writeFile(file, bytes)
    expect(() => checkDatabase(file)).toThrow(/damaged|malformed/)
  })
})

test('a person is forgotten while the collector runs, and no byte of it is left in the file', async () => {
  const text = 'A very particular sentence of Ann’s'
  const hers = await post({ user: { email: 'ann@shop.example' }, message: text, exception: undefined })
  const other = await post({ user: { email: 'bob@shop.example' } })
  const { output } = await runCommand(dataDir, ['forget', '1', 'ann@shop.example'])
  expect(output).toBe('1 events deleted\n')
  expect([await statusOf(hers), await statusOf(other)]).toEqual([404, 200])
  await collector.stop('SIGTERM')
  expect((await readFile(join(dataDir, 'ohnoes.db'))).includes('ann@shop.example')).toBe(false)
  expect((await readFile(join(dataDir, 'ohnoes.db'))).includes('bob@shop.example')).toBe(true)
  expect((await runCommand(dataDir, ['forget', '9', 'x'])).errors).toBe('There is no project 9.\n')
})

test('events that are older than their project keeps are pruned', async () => {
  const old = await post({ timestamp: Date.now() / 1000 - 20 * 86_400 })
  const young = await post()
  expect((await runCommand(dataDir, ['prune'])).output).toMatch(/^0 too old · 0 thinned out · \d+ bytes/)
  await runCommand(dataDir, ['project', 'set', '1', '--retention-days', '7'])
  expect((await runCommand(dataDir, ['prune'])).output).toMatch(/^1 too old · 0 thinned out/)
  expect([await statusOf(old), await statusOf(young)]).toEqual([404, 200])
})
