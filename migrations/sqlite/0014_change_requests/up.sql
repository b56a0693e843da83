CREATE TABLE change_request_versions (
  id BLOB PRIMARY KEY NOT NULL,
  request_id BLOB NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL CHECK (kind IN ('extension', 'budget', 'partners')),
  change BLOB NOT NULL,
  reason TEXT NOT NULL,
  seen_version_id BLOB NOT NULL REFERENCES project_versions (id),
  state TEXT NOT NULL CHECK (state IN ('pending', 'agreed', 'refused', 'withdrawn')),
  requested_by BLOB REFERENCES users (id),
  requested_at INTEGER NOT NULL,
  decided_by BLOB REFERENCES users (id),
  decided_at INTEGER,
  decision_note TEXT,
  made_version_id BLOB REFERENCES project_versions (id),
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX change_request_versions_current ON change_request_versions (request_id) WHERE superseded_at IS NULL;
CREATE INDEX change_request_versions_by_project ON change_request_versions (project_id, request_id);
