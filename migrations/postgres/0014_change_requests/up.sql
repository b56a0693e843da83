CREATE TABLE change_request_versions (
  id UUID PRIMARY KEY NOT NULL,
  request_id UUID NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL CHECK (kind IN ('extension', 'budget', 'partners')),
  change JSONB NOT NULL,
  reason TEXT NOT NULL,
  seen_version_id UUID NOT NULL REFERENCES project_versions (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'agreed', 'refused', 'withdrawn')),
  requested_by UUID REFERENCES users (id),
  requested_at TIMESTAMPTZ NOT NULL,
  decided_by UUID REFERENCES users (id),
  decided_at TIMESTAMPTZ,
  decision_note TEXT,
  made_version_id UUID REFERENCES project_versions (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX change_request_versions_current ON change_request_versions (request_id) WHERE superseded_at IS NULL;
CREATE INDEX change_request_versions_by_project ON change_request_versions (project_id, request_id);
