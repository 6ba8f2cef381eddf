-- Source maps. `content` names the files, which several artifacts may share; `refused` says why they cannot be read.
CREATE TABLE artifacts (
  project TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, name TEXT NOT NULL,
  debug_id TEXT, release TEXT, dist TEXT, url TEXT, commit_id TEXT, bundler TEXT,
  map_hash TEXT NOT NULL, map_bytes INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, refused TEXT,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX artifacts_by_release ON artifacts (project, release) WHERE release IS NOT NULL;
CREATE INDEX artifacts_by_content ON artifacts (project, content);
-- With a rowid: rows are large. In gzip, as they were sent.
CREATE TABLE artifact_files (project TEXT NOT NULL, content TEXT NOT NULL, map BLOB NOT NULL, code BLOB);
CREATE UNIQUE INDEX artifact_files_by_content ON artifact_files (project, content);
-- What a key leads to: the newest artifact that has it.
CREATE TABLE artifact_keys (
  project TEXT NOT NULL, key TEXT NOT NULL, artifact TEXT NOT NULL,
  PRIMARY KEY (project, key)
) WITHOUT ROWID;

-- The keys that a raw fingerprint's files are looked for by, the best of a file with priority 0; `artifact` is what was
-- there when it was last resolved.
CREATE TABLE wanted_artifacts (
  project TEXT NOT NULL, fingerprint TEXT NOT NULL, key TEXT NOT NULL,
  file TEXT NOT NULL, priority INTEGER NOT NULL, artifact TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (project, fingerprint, key)
) WITHOUT ROWID;
CREATE INDEX wanted_artifacts_by_key ON wanted_artifacts (project, key, artifact, fingerprint);

-- Where the address of a group leads that a source map has emptied.
CREATE TABLE moved_groups (
  project TEXT NOT NULL, id TEXT NOT NULL, to_id TEXT NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
