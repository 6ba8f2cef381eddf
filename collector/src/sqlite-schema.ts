import Database from 'better-sqlite3'

export type Connection = Database.Database

// One step per released schema; `user_version` says how many a file has seen. Never edit a released step.
const STEPS = [
  `CREATE TABLE groups (
     project TEXT NOT NULL, id TEXT NOT NULL,
     title TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, culprit TEXT NOT NULL,
     grouped_by TEXT NOT NULL, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
     events INTEGER NOT NULL, sessions INTEGER NOT NULL,
     PRIMARY KEY (project, id)
   ) WITHOUT ROWID;
   CREATE INDEX groups_by_time ON groups (project, last_seen_ms DESC, id DESC);
   CREATE TABLE events (
     project TEXT NOT NULL, event_id TEXT NOT NULL, group_id TEXT NOT NULL,
     timestamp_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
     release TEXT, environment TEXT, session TEXT, tags TEXT NOT NULL, payload TEXT NOT NULL
   );
   CREATE UNIQUE INDEX events_by_id ON events (project, event_id);
   CREATE INDEX events_by_group ON events (project, group_id, timestamp_ms DESC, event_id DESC);
   CREATE TABLE group_sessions (
     project TEXT NOT NULL, group_id TEXT NOT NULL, session TEXT NOT NULL,
     PRIMARY KEY (project, group_id, session)
   ) WITHOUT ROWID;
   CREATE TABLE outcomes (
     project TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL, quantity INTEGER NOT NULL,
     PRIMARY KEY (project, kind, reason)
   ) WITHOUT ROWID;`,
  `CREATE TABLE vitals (
     project TEXT NOT NULL, id TEXT NOT NULL, timestamp_ms INTEGER NOT NULL,
     name TEXT NOT NULL, page TEXT NOT NULL, value REAL NOT NULL, weight REAL NOT NULL, attributes TEXT NOT NULL,
     PRIMARY KEY (project, id)
   ) WITHOUT ROWID;
   CREATE INDEX vitals_by_time ON vitals (project, timestamp_ms, name, page, value, weight);
   CREATE TABLE sessions (
     project TEXT NOT NULL, id TEXT NOT NULL, started_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
     release TEXT, environment TEXT, severity INTEGER NOT NULL, errors INTEGER NOT NULL, rate REAL NOT NULL,
     PRIMARY KEY (project, id)
   ) WITHOUT ROWID;
   CREATE INDEX sessions_by_start ON sessions (project, started_ms, release, severity, rate);`,
]

/** Opens the database for writing and brings its schema up to date; a committed transaction is on the disk. */
export function openForWriting(file: string): Connection {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 5000')
  const upgrade = db.transaction(() => {
    const version = Number(db.pragma('user_version', { simple: true }))
    if (version > STEPS.length)
      throw new Error(`${file} was written by a newer collector (schema ${version}): update this one.`)
    for (const step of STEPS.slice(version)) db.exec(step)
    db.pragma(`user_version = ${STEPS.length}`)
  })
  upgrade.immediate()
  return db
}

/** Opens a second connection, which can only read and waits for no writer. */
export function openForReading(file: string): Connection {
  const db = new Database(file)
  db.pragma('query_only = ON')
  db.pragma('busy_timeout = 5000')
  return db
}
