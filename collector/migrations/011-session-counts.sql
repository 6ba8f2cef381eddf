-- Sessions that a server has added up itself; the id is of the delivery.
CREATE TABLE session_counts (
  project TEXT NOT NULL, id TEXT NOT NULL, started_ms INTEGER NOT NULL,
  release TEXT, environment TEXT, severity INTEGER NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX session_counts_by_start ON session_counts (project, started_ms, release, severity, quantity);
