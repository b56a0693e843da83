CREATE TABLE period_locks (
  id UUID PRIMARY KEY NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  report_id UUID NOT NULL UNIQUE,
  locked_at TIMESTAMPTZ NOT NULL,
  locked_by UUID REFERENCES users (id)
);
CREATE INDEX period_locks_by_project ON period_locks (project_id);

CREATE TABLE period_openings (
  id UUID PRIMARY KEY NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  reason TEXT NOT NULL,
  open_until DATE NOT NULL,
  opened_at TIMESTAMPTZ NOT NULL,
  opened_by UUID REFERENCES users (id),
  closed_at TIMESTAMPTZ,
  closed_by UUID REFERENCES users (id)
);
CREATE INDEX period_openings_by_project ON period_openings (project_id);
