-- Events are keyed by their raw fingerprint, and `fingerprints` says which group that is: a merge, an unmerge or a
-- source map that comes later changes rows there, never events. All counts hang on raw fingerprints; `groups` has the
-- sums. What was stored before is one raw fingerprint for each group.

ALTER TABLE events RENAME COLUMN group_id TO fingerprint;
ALTER TABLE events ADD COLUMN stack TEXT;
CREATE INDEX events_by_stack ON events (project, stack) WHERE stack IS NOT NULL;

-- With a rowid: rows are large.
CREATE TABLE stacks (project TEXT NOT NULL, id TEXT NOT NULL, frames TEXT NOT NULL);
CREATE UNIQUE INDEX stacks_by_id ON stacks (project, id);

-- `base_group` is what the algorithm says, `group_id` what people made of it by merging; `lone_events` came without a
-- session, and count as one each.
CREATE TABLE fingerprints (
  project TEXT NOT NULL, id TEXT NOT NULL, base_group TEXT NOT NULL, group_id TEXT NOT NULL,
  events INTEGER NOT NULL, lone_events INTEGER NOT NULL,
  first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
INSERT INTO fingerprints
  SELECT project, id, id, id, events,
    sessions - (SELECT count(*) FROM group_sessions AS s WHERE s.project = groups.project AND s.group_id = groups.id),
    first_seen_ms, last_seen_ms
  FROM groups;
CREATE INDEX fingerprints_by_group ON fingerprints (project, group_id);

CREATE TABLE fingerprint_hours (
  project TEXT NOT NULL, fingerprint TEXT NOT NULL, hour INTEGER NOT NULL, events INTEGER NOT NULL,
  PRIMARY KEY (project, fingerprint, hour)
) WITHOUT ROWID;
INSERT INTO fingerprint_hours
  SELECT project, fingerprint, timestamp_ms / 3600000 AS hour, count(*) FROM events GROUP BY project, fingerprint, hour;

-- By session first: "has this session been in that group" is asked with every new one.
CREATE TABLE fingerprint_sessions (
  project TEXT NOT NULL, session TEXT NOT NULL, fingerprint TEXT NOT NULL, first_seen_ms INTEGER NOT NULL,
  PRIMARY KEY (project, session, fingerprint)
) WITHOUT ROWID;
INSERT INTO fingerprint_sessions
  SELECT s.project, session, group_id, last_seen_ms
  FROM group_sessions AS s JOIN groups ON groups.project = s.project AND groups.id = s.group_id;
DROP TABLE group_sessions;

CREATE TABLE fingerprint_facets (
  project TEXT NOT NULL, fingerprint TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  events INTEGER NOT NULL, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL,
  PRIMARY KEY (project, fingerprint, key, value)
) WITHOUT ROWID;
INSERT INTO fingerprint_facets
  SELECT project, fingerprint, 'release', release, count(*), min(timestamp_ms), max(timestamp_ms)
  FROM events WHERE release IS NOT NULL GROUP BY project, fingerprint, release
  UNION ALL
  SELECT project, fingerprint, 'environment', environment, count(*), min(timestamp_ms), max(timestamp_ms)
  FROM events WHERE environment IS NOT NULL GROUP BY project, fingerprint, environment
  UNION ALL
  SELECT project, fingerprint, 'tag:' || tag.key, tag.value, count(*), min(timestamp_ms), max(timestamp_ms)
  FROM events, json_each(events.tags) AS tag GROUP BY project, fingerprint, tag.key, tag.value;
CREATE INDEX fingerprint_facets_by_value ON fingerprint_facets (project, key, value, fingerprint);
ALTER TABLE events DROP COLUMN tags;

CREATE TABLE releases (
  project TEXT NOT NULL, release TEXT NOT NULL, first_received_ms INTEGER NOT NULL,
  PRIMARY KEY (project, release)
) WITHOUT ROWID;
INSERT INTO releases
  SELECT project, release, min(received_ms) FROM events WHERE release IS NOT NULL GROUP BY project, release;

-- A list is sorted anew by whatever people ask for: an index for one order would cost every write more than it saves.
DROP INDEX groups_by_time;
ALTER TABLE groups ADD COLUMN status TEXT NOT NULL DEFAULT 'unresolved';
ALTER TABLE groups ADD COLUMN merged_into TEXT;
-- Set while resolved: when, and when the newest release that had the error until then was first received.
ALTER TABLE groups ADD COLUMN resolved_ms INTEGER;
ALTER TABLE groups ADD COLUMN resolved_release_ms INTEGER;

CREATE TABLE group_changes (
  project TEXT NOT NULL, group_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
  -- NULL for what the collector did by itself.
  who TEXT, change TEXT NOT NULL, detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX group_changes_by_group ON group_changes (project, group_id, at_ms);
