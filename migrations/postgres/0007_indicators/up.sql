CREATE TABLE indicators (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID REFERENCES projects (id),
  activity_id UUID REFERENCES activities (id),
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  note TEXT,
  level TEXT NOT NULL CHECK (level IN ('output', 'outcome', 'impact')),
  unit TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('participation', 'survey', 'manual')),
  counting TEXT CHECK (counting IN ('unique', 'attendances')),
  organisation_id UUID REFERENCES organisations (id),
  position INTEGER NOT NULL,
  retired BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);
CREATE INDEX indicators_by_project ON indicators (project_id, position);

CREATE TABLE indicator_codes (
  indicator_id UUID NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
  code_id UUID NOT NULL REFERENCES codes (id),
  PRIMARY KEY (indicator_id, code_id)
);

CREATE TABLE target_versions (
  id UUID PRIMARY KEY NOT NULL,
  revision_id UUID NOT NULL,
  indicator_id UUID NOT NULL REFERENCES indicators (id),
  number INTEGER NOT NULL,
  target JSONB NOT NULL,
  planned JSONB NOT NULL,
  holds_from DATE,
  reason TEXT,
  reported BOOLEAN NOT NULL,
  source_note TEXT,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'refused', 'withdrawn')),
  proposed_by UUID REFERENCES users (id),
  proposed_at TIMESTAMPTZ NOT NULL,
  decided_by UUID REFERENCES users (id),
  decided_at TIMESTAMPTZ,
  decision_note TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ
);
CREATE INDEX target_versions_by_indicator ON target_versions (indicator_id, number);
CREATE UNIQUE INDEX target_versions_current ON target_versions (revision_id) WHERE superseded_at IS NULL;

CREATE TABLE target_parts (
  version_id UUID NOT NULL REFERENCES target_versions (id),
  organisation_id UUID NOT NULL REFERENCES organisations (id),
  minimum INTEGER NOT NULL CHECK (minimum >= 0),
  PRIMARY KEY (version_id, organisation_id)
);

CREATE TABLE value_versions (
  id UUID PRIMARY KEY NOT NULL,
  value_id UUID NOT NULL,
  indicator_id UUID NOT NULL REFERENCES indicators (id),
  on_date DATE NOT NULL,
  thousandths BIGINT NOT NULL,
  note TEXT,
  reported BOOLEAN NOT NULL,
  source_note TEXT,
  withdrawn BOOLEAN NOT NULL,
  reason TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ
);
CREATE INDEX value_versions_by_indicator ON value_versions (indicator_id, on_date);
CREATE UNIQUE INDEX value_versions_current ON value_versions (indicator_id, on_date, reported) WHERE superseded_at IS NULL;
