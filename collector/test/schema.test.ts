import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../dist/sqlite/store.js'
import { openForReading, openForWriting } from '../src/sqlite/schema.ts'
import { parseSearch } from '../src/search.ts'
import { newDataDir, removeDataDir } from './running-collector.ts'
import { newEvent, NOW_MS, DAY_MS, writeEvents } from './store/rows.ts'

const MIGRATIONS = new URL('../migrations/', import.meta.url)

let dataDir: string
beforeEach(async () => {
  dataDir = await newDataDir()
})
afterEach(() => removeDataDir(dataDir))

test('a committed transaction is synced to the disk, and readers do not wait for it', () => {
  const db = openForWriting(join(dataDir, 'a.db'))
  expect(db.pragma('synchronous', { simple: true })).toBe(2) // FULL
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  db.close()
})

test('the second connection cannot write', () => {
  const file = join(dataDir, 'a.db')
  openForWriting(file).close()
  const db = openForReading(file)
  expect(() => db.exec('DELETE FROM events')).toThrow(/readonly/)
  db.close()
})

test('a database of a newer collector is refused and left alone', () => {
  const file = join(dataDir, 'a.db')
  const db = openForWriting(file)
  db.exec("INSERT INTO migrations VALUES ('999-later.sql')")
  db.close()
  expect(() => openForWriting(file)).toThrow(/newer collector \(it has 999-later\.sql\)/)
})

/** A database that the first migrations have made, as `user_version` says. */
function databaseOf(firstMigrations: number) {
  const file = join(dataDir, 'a.db')
  const db = new Database(file)
  const names = readdirSync(MIGRATIONS).sort().slice(0, firstMigrations)
  for (const name of names) db.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
  db.pragma(`user_version = ${firstMigrations}`)
  return { file, db }
}
const schemaOf = (db: Database.Database) =>
  db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()

test.each([1, 2])('a database of schema %d is brought up to date with its rows', version => {
  const { file, db } = databaseOf(version)
  db.exec("INSERT INTO outcomes VALUES ('1', 'stored', '', 7)")
  db.close()
  const upgraded = openForWriting(file)
  const fresh = openForWriting(join(dataDir, 'b.db'))
  expect(schemaOf(upgraded)).toEqual(schemaOf(fresh))
  expect(upgraded.prepare('SELECT quantity FROM outcomes').pluck().all()).toEqual([7])
  upgraded.close()
  fresh.close()
})

test('a migration with a number before those applied is applied, too', () => {
  const file = join(dataDir, 'a.db')
  const db = openForWriting(file)
  const whole = schemaOf(db)
  db.exec("DROP TABLE vitals; DROP TABLE sessions; DELETE FROM migrations WHERE name LIKE '002%'")
  expect(schemaOf(db)).not.toEqual(whole)
  db.close()
  const mended = openForWriting(file)
  expect(schemaOf(mended)).toEqual(whole)
  mended.close()
})

test('what was stored before raw fingerprints is there in its groups', async () => {
  const hourMs = Math.floor(NOW_MS / 3_600_000) * 3_600_000
  const db = new Database(join(dataDir, 'ohnoes.db'))
  db.exec(readFileSync(new URL('001-first-cut.sql', MIGRATIONS), 'utf8'))
  db.exec(`INSERT INTO groups VALUES ('1', 'aa', 'E: v', 'E', 'v', '', '{"algorithm":"top-frame:1"}', ${hourMs}, ${hourMs}, 2, 2);
    INSERT INTO group_sessions VALUES ('1', 'aa', 's');
    INSERT INTO events VALUES ('1', 'e1', 'aa', ${hourMs}, 1, 'shop@1', NULL, 's', '{"plan":"pro"}', '{"event_id":"e1"}'),
      ('1', 'e2', 'aa', ${hourMs}, 1, NULL, NULL, NULL, '{}', '{}');
    PRAGMA user_version = 1;`)
  db.close()
  const store = await openSqliteStore({ dataDir, log: () => {} })
  const parsed = parseSearch('plan:pro release:shop@1', NOW_MS)
  const trend = { fromMs: hourMs, sizeMs: 3_600_000, count: 1 }
  const { rows } = await store.groups('1', {
    ...{ search: parsed.ok ? parsed.search : [], sort: 'events', after: null, limit: 9, trend },
  })
  expect(rows).toMatchObject([
    { id: 'aa', status: 'unresolved', events: 2, sessions: 2, trend: [2], releases: ['shop@1'] },
  ])
  expect(await store.event('1', 'e1')).toMatchObject({
    groupId: 'aa',
    payload: '{"event_id":"e1"}',
    frames: null,
  })
  await store.close()
})

test('a stack goes with the last of its events, also of those that were stored before fingerprints knew theirs', async () => {
  const file = join(dataDir, 'ohnoes.db')
  const open = () => openSqliteStore({ dataDir, log: () => {} })
  const thrownAt = (name: string, ageMs: number) => {
    const frames = [{ function: name, filename: 'https://a/x.js', lineno: 1, colno: 1, in_app: true }]
    return newEvent({ exception: { values: [{ type: 'E', value: 'v', stacktrace: { frames } }] } }, { ageMs })
  }
  const [old, oldToo, fresh] = [thrownAt('f', 9 * DAY_MS), thrownAt('g', 9 * DAY_MS), thrownAt('g', 0)]
  let store = await open()
  await writeEvents(store, [old!, oldToo!])
  await store.close()
  let db = new Database(file)
  db.exec(`DROP INDEX fingerprints_by_stack; ALTER TABLE fingerprints DROP COLUMN stack;
    CREATE INDEX events_by_stack ON events (project, stack) WHERE stack IS NOT NULL;
    DELETE FROM migrations WHERE name LIKE '031%'`)
  db.close()

  store = await open()
  await writeEvents(store, [fresh!])
  await store.prune({ nowMs: NOW_MS, keepMs: new Map([['1', 7 * DAY_MS]]), maxBytes: Infinity })
  await store.close()
  db = new Database(file, { readonly: true })
  expect(db.prepare('SELECT id FROM stacks').pluck().all()).toEqual([fresh!.stack?.id])
  db.close()
})
