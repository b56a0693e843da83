CREATE TABLE period_locks (
  id BLOB PRIMARY KEY NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  report_id BLOB NOT NULL UNIQUE,
  locked_at INTEGER NOT NULL,
  locked_by BLOB REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX period_locks_by_project ON period_locks (project_id);

CREATE TABLE period_openings (
  id BLOB PRIMARY KEY NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  reason TEXT NOT NULL,
  open_until TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by BLOB REFERENCES users (id),
  closed_at INTEGER,
  closed_by BLOB REFERENCES users (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX period_openings_by_project ON period_openings (project_id);
