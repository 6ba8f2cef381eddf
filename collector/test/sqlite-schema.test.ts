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
