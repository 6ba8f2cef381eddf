-- Events and sessions have weights: `events` and `sessions` in all tables are sums of them, estimates where something
-- was sampled. `rate` is what an event was kept under, `n` how many occurrences of its session it stands for.
ALTER TABLE events ADD COLUMN n INTEGER NOT NULL DEFAULT 1;
ALTER TABLE events ADD COLUMN rate REAL NOT NULL DEFAULT 1;

-- `client` is what the client calls the fingerprint, `rate` the largest rate that the session was kept under; the others
-- are over its events with a rate below 1: Σ n, Σ n/rate, and the smallest rate.
ALTER TABLE fingerprint_sessions ADD COLUMN client TEXT;
ALTER TABLE fingerprint_sessions ADD COLUMN rate REAL NOT NULL DEFAULT 1;
ALTER TABLE fingerprint_sessions ADD COLUMN seen REAL NOT NULL DEFAULT 0;
ALTER TABLE fingerprint_sessions ADD COLUMN weighted REAL NOT NULL DEFAULT 0;
ALTER TABLE fingerprint_sessions ADD COLUMN lowest_rate REAL NOT NULL DEFAULT 1;

-- The sampled part of a group's `events` and `sessions` (estimate.ts says what the sums are); no row: all is exact.
CREATE TABLE group_samples (
  project TEXT NOT NULL, group_id TEXT NOT NULL, counted TEXT NOT NULL,
  draws INTEGER NOT NULL, seen REAL NOT NULL, weighted REAL NOT NULL, squares REAL NOT NULL,
  variance REAL NOT NULL, largest REAL NOT NULL,
  PRIMARY KEY (project, group_id, counted)
) WITHOUT ROWID;

-- What clients have held back and told in the end: each delivery counts once.
CREATE TABLE held_back (
  project TEXT NOT NULL, id TEXT NOT NULL, received_ms INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX held_back_by_time ON held_back (project, received_ms);
