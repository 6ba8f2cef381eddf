-- For retention, which goes from the oldest on.
CREATE INDEX events_by_time ON events (project, timestamp_ms);
