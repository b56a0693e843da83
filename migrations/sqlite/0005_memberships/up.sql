CREATE TABLE memberships (
  id BLOB PRIMARY KEY NOT NULL,
  natural_key TEXT NOT NULL UNIQUE,
  user_id BLOB NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('secretariat', 'reader', 'holder', 'contributor')),
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB REFERENCES projects (id),
  organisation_id BLOB REFERENCES organisations (id),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_user ON memberships (user_id);
CREATE INDEX memberships_by_programme ON memberships (programme_id, id);

CREATE TABLE invitations (
  id BLOB PRIMARY KEY NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  mail TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('secretariat', 'reader', 'holder', 'contributor')),
  project_id BLOB REFERENCES projects (id),
  organisation_id BLOB REFERENCES organisations (id),
  invited_by BLOB REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_programme ON invitations (programme_id, id);
