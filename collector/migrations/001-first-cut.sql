CREATE TABLE groups (
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
) WITHOUT ROWID;
