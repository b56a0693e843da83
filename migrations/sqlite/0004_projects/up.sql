CREATE TABLE projects (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_versions (
  id BLOB PRIMARY KEY NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT,
  holder_id BLOB NOT NULL REFERENCES organisations (id),
  focus_area_id BLOB REFERENCES codes (id),
  project_type_id BLOB REFERENCES codes (id),
  status TEXT NOT NULL CHECK (status IN ('planned', 'ongoing', 'completed', 'cancelled')),
  year INTEGER,
  strategic INTEGER NOT NULL,
  period_start TEXT,
  period_end TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER,
  UNIQUE (project_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_approaches (
  version_id BLOB NOT NULL REFERENCES project_versions (id),
  code_id BLOB NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_partners (
  version_id BLOB NOT NULL REFERENCES project_versions (id),
  organisation_id BLOB NOT NULL REFERENCES organisations (id),
  PRIMARY KEY (version_id, organisation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_grants (
  version_id BLOB NOT NULL REFERENCES project_versions (id),
  position INTEGER NOT NULL,
  amount_ore INTEGER NOT NULL CHECK (amount_ore > 0),
  granted_on TEXT,
  note TEXT,
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE project_extensions (
  version_id BLOB NOT NULL REFERENCES project_versions (id),
  position INTEGER NOT NULL,
  period_end TEXT NOT NULL,
  agreed_on TEXT,
  reason TEXT,
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE activities (
  id BLOB PRIMARY KEY NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  assumptions BLOB NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (project_id, number)
) STRICT, WITHOUT ROWID;
