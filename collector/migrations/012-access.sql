-- Nothing here is of use to whoever reads it: passwords and tokens are hashed.
CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE logins (hash TEXT NOT NULL PRIMARY KEY, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (
  hash TEXT NOT NULL PRIMARY KEY, project TEXT NOT NULL, scope TEXT NOT NULL, label TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) WITHOUT ROWID;
