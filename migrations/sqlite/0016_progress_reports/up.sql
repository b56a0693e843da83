CREATE TABLE progress_reports (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL CHECK (kind IN ('annual', 'final')),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, kind, period_start, period_end)
) STRICT, WITHOUT ROWID;
CREATE INDEX progress_reports_by_programme ON progress_reports (programme_id);

CREATE TABLE progress_report_versions (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL REFERENCES progress_reports (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'draft', 'submitted', 'returned', 'approved', 'withdrawn', 'reported')),
  due_on TEXT,
  content BLOB NOT NULL,
  figures BLOB,
  submitted_at INTEGER,
  submitted_by BLOB REFERENCES users (id),
  decided_at INTEGER,
  decided_by BLOB REFERENCES users (id),
  decision_comment TEXT,
  assessment TEXT CHECK (assessment IN ('good', 'acceptable', 'slow')),
  source_note TEXT,
  audit_number INTEGER,
  audit_hash BLOB,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER,
  UNIQUE (report_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX progress_report_versions_current ON progress_report_versions (report_id) WHERE superseded_at IS NULL;

CREATE TABLE report_reminders (
  id BLOB PRIMARY KEY NOT NULL,
  report_id BLOB NOT NULL REFERENCES progress_reports (id),
  day TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'by_hand')),
  made_at INTEGER NOT NULL,
  made_by BLOB REFERENCES users (id),
  tried_at INTEGER NOT NULL,
  UNIQUE (report_id, day)
) STRICT, WITHOUT ROWID;
