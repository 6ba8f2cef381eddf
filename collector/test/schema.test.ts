import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openForReading, openForWriting } from '../src/sqlite/schema.ts'
import { newDataDir, removeDataDir } from './running-collector.ts'

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
