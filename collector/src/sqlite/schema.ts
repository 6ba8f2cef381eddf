import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'

export type Connection = Database.Database

/** `NNN-name.sql`, one for each change of the schema, applied once and in order. Never edit a released one. */
const MIGRATIONS = new URL('../../migrations/', import.meta.url)

/** Of pages at hand, in KB: with 2 MB, as SQLite has it, an event in a million costs twenty reads of the file. */
const WRITER_CACHE_KB = 32 * 1024
const READER_CACHE_KB = 16 * 1024
/** So much of the log (33 MB) is folded into the file by the writer itself, where checkpointer.ts has not done it. */
const MAX_LOG_PAGES = 8000

/** Opens the database for writing and brings its schema up to date; a committed transaction is on the disk. */
export function openForWriting(file: string): Connection {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  db.pragma(`cache_size = -${WRITER_CACHE_KB}`)
  db.pragma(`wal_autocheckpoint = ${MAX_LOG_PAGES}`)
  db.transaction(() => migrate(db, file)).immediate()
  return db
}

/** Opens a second connection, which can only read and waits for no writer. */
export function openForReading(file: string): Connection {
  const db = new Database(file)
  db.pragma('query_only = ON')
  db.pragma('busy_timeout = 5000')
  db.pragma(`cache_size = -${READER_CACHE_KB}`)
  return db
}

function migrate(db: Connection, file: string): void {
  const names = readdirSync(MIGRATIONS).sort()
  db.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID')
  const insert = db.prepare('INSERT INTO migrations (name) VALUES (?) ON CONFLICT DO NOTHING')
  // Files of the first schemas say in `user_version` how many they have seen.
  for (const name of names.slice(0, Number(db.pragma('user_version', { simple: true })))) insert.run(name)

  const applied = db.prepare('SELECT name FROM migrations').pluck().all() as string[]
  const unknown = applied.find(name => !names.includes(name))
  if (unknown)
    throw new Error(`${file} was written by a newer collector (it has ${unknown}): update this one.`)
  for (const name of names) {
    if (applied.includes(name)) continue
    db.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
    insert.run(name)
  }
}
