import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openForReading, openForWriting } from '../src/sqlite-schema.ts'
import { newDataDir, removeDataDir } from './running-collector.ts'

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
  db.pragma('user_version = 99')
  db.close()
  expect(() => openForWriting(file)).toThrow(/newer collector \(schema 99\)/)
})

test('a database of an earlier schema is brought up to date with its rows', () => {
  const file = join(dataDir, 'a.db')
  const db = openForWriting(file)
  const schema = () => db.prepare('SELECT name FROM sqlite_schema ORDER BY name').pluck().all()
  const whole = schema()
  db.exec(`DROP TABLE vitals; DROP TABLE sessions; PRAGMA user_version = 1;
    INSERT INTO outcomes VALUES ('1', 'stored', '', 7)`)
  expect(schema()).not.toEqual(whole)
  db.close()
  const upgraded = openForWriting(file)
  expect(upgraded.prepare('SELECT name FROM sqlite_schema ORDER BY name').pluck().all()).toEqual(whole)
  expect(upgraded.prepare('SELECT quantity FROM outcomes').pluck().all()).toEqual([7])
  upgraded.close()
})
