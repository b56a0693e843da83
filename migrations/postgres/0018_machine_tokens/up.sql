-- Each has an account of the same id, which nobody can sign in to: it is what the audit trail, and
-- whatever else records who did something, points at.
CREATE TABLE machine_tokens (
  id UUID PRIMARY KEY NOT NULL REFERENCES users (id),
  token_hash BYTEA NOT NULL UNIQUE,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID REFERENCES projects (id),
  organisation_id UUID REFERENCES organisations (id),
  name TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('read', 'import')),
  ends_on DATE NOT NULL,
  created_by UUID REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  revoked_by UUID REFERENCES users (id),
  revoked_at TIMESTAMPTZ,
  last_used_on DATE
);
CREATE INDEX machine_tokens_by_programme ON machine_tokens (programme_id, id);
