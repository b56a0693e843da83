-- Each has an account of the same id, which nobody can sign in to: it is what the audit trail, and
-- whatever else records who did something, points at.
CREATE TABLE machine_tokens (
  id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
  token_hash BLOB NOT NULL UNIQUE,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB REFERENCES projects (id),
  organisation_id BLOB REFERENCES organisations (id),
  name TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('read', 'import')),
  ends_on TEXT NOT NULL,
  created_by BLOB REFERENCES users (id),
  created_at INTEGER NOT NULL,
  revoked_by BLOB REFERENCES users (id),
  revoked_at INTEGER,
  last_used_on TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX machine_tokens_by_programme ON machine_tokens (programme_id, id);
