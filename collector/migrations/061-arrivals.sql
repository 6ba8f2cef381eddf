-- Reports by the client's fingerprint in slots of some seconds, weighted, of the last minute: what the rates of sampling
-- are made of. Each collector of a fleet reads the same.
CREATE TABLE arrivals (
  project TEXT NOT NULL, slot INTEGER NOT NULL, fp TEXT NOT NULL, weight REAL NOT NULL,
  PRIMARY KEY (project, slot, fp)
) WITHOUT ROWID;
