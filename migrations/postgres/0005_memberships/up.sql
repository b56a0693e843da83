CREATE TABLE memberships (
  id UUID PRIMARY KEY NOT NULL,
  natural_key TEXT NOT NULL UNIQUE,
  user_id UUID NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('secretariat', 'reader', 'holder', 'contributor')),
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID REFERENCES projects (id),
  organisation_id UUID REFERENCES organisations (id),
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE INDEX memberships_by_programme ON memberships (programme_id, id);

CREATE TABLE invitations (
  id UUID PRIMARY KEY NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  mail TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('secretariat', 'reader', 'holder', 'contributor')),
  project_id UUID REFERENCES projects (id),
  organisation_id UUID REFERENCES organisations (id),
  invited_by UUID REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  accepted_at TIMESTAMPTZ,
  withdrawn_at TIMESTAMPTZ
);
CREATE INDEX invitations_by_programme ON invitations (programme_id, id);
