CREATE TABLE progress_reports (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL CHECK (kind IN ('annual', 'final')),
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (project_id, kind, period_start, period_end)
);
CREATE INDEX progress_reports_by_programme ON progress_reports (programme_id);

CREATE TABLE progress_report_versions (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL REFERENCES progress_reports (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'draft', 'submitted', 'returned', 'approved', 'withdrawn', 'reported')),
  due_on DATE,
  content JSONB NOT NULL,
  figures JSONB,
  submitted_at TIMESTAMPTZ,
  submitted_by UUID REFERENCES users (id),
  decided_at TIMESTAMPTZ,
  decided_by UUID REFERENCES users (id),
  decision_comment TEXT,
  assessment TEXT CHECK (assessment IN ('good', 'acceptable', 'slow')),
  source_note TEXT,
  audit_number BIGINT,
  audit_hash BYTEA,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ,
  UNIQUE (report_id, number)
);
CREATE UNIQUE INDEX progress_report_versions_current ON progress_report_versions (report_id) WHERE superseded_at IS NULL;

CREATE TABLE report_reminders (
  id UUID PRIMARY KEY NOT NULL,
  report_id UUID NOT NULL REFERENCES progress_reports (id),
  day DATE NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'by_hand')),
  made_at TIMESTAMPTZ NOT NULL,
  made_by UUID REFERENCES users (id),
  tried_at TIMESTAMPTZ NOT NULL,
  UNIQUE (report_id, day)
);
