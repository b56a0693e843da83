CREATE TABLE projects (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);

CREATE TABLE project_versions (
  id UUID PRIMARY KEY NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT,
  holder_id UUID NOT NULL REFERENCES organisations (id),
  focus_area_id UUID REFERENCES codes (id),
  project_type_id UUID REFERENCES codes (id),
  status TEXT NOT NULL CHECK (status IN ('planned', 'ongoing', 'completed', 'cancelled')),
  year INTEGER,
  strategic BOOLEAN NOT NULL,
  period_start TEXT,
  period_end TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ,
  UNIQUE (project_id, number)
);

CREATE TABLE project_approaches (
  version_id UUID NOT NULL REFERENCES project_versions (id),
  code_id UUID NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
);

CREATE TABLE project_partners (
  version_id UUID NOT NULL REFERENCES project_versions (id),
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  PRIMARY KEY (version_id, organisation_id)
);

CREATE TABLE project_grants (
  version_id UUID NOT NULL REFERENCES project_versions (id),
  position INTEGER NOT NULL,
  amount_ore BIGINT NOT NULL CHECK (amount_ore > 0),
  granted_on DATE,
  note TEXT,
  PRIMARY KEY (version_id, position)
);

CREATE TABLE project_extensions (
  version_id UUID NOT NULL REFERENCES project_versions (id),
  position INTEGER NOT NULL,
  period_end TEXT NOT NULL,
  agreed_on DATE,
  reason TEXT,
  PRIMARY KEY (version_id, position)
);

CREATE TABLE activities (
  id UUID PRIMARY KEY NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  assumptions JSONB NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (project_id, number)
);
