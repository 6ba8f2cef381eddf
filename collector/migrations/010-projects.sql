CREATE TABLE projects (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
  settings TEXT NOT NULL -- JSON; what it lacks is at its default
) WITHOUT ROWID;
CREATE TABLE project_keys (
  project TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, is_enabled INTEGER NOT NULL,
  origins TEXT NOT NULL, -- JSON
  events_per_hour INTEGER, created_ms INTEGER NOT NULL, expires_ms INTEGER,
  PRIMARY KEY (project, key)
) WITHOUT ROWID;
-- How many events came by a key, for its quota.
CREATE TABLE key_hours (
  hour INTEGER NOT NULL, project TEXT NOT NULL, key TEXT NOT NULL, events INTEGER NOT NULL,
  PRIMARY KEY (hour, project, key)
) WITHOUT ROWID;
