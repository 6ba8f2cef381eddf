CREATE TABLE vitals (
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
CREATE INDEX sessions_by_start ON sessions (project, started_ms, release, severity, rate);
