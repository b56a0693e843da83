CREATE TABLE counts (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID NOT NULL REFERENCES projects (id),
  natural_key TEXT NOT NULL,
  series_key TEXT NOT NULL,
  activity_id UUID REFERENCES activities (id),
  organisation_id UUID REFERENCES organisations (id),
  period_start DATE NOT NULL,
  period_end DATE NOT NULL,
  role_id UUID NOT NULL REFERENCES codes (id),
  education_level_id UUID REFERENCES codes (id),
  counting TEXT NOT NULL CHECK (counting IN ('unique', 'attendances')),
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (project_id, natural_key),
  CHECK (period_start <= period_end)
);
CREATE INDEX counts_by_series ON counts (project_id, series_key, period_start);
CREATE INDEX counts_by_programme ON counts (programme_id, id);

CREATE TABLE count_versions (
  id UUID PRIMARY KEY NOT NULL,
  count_id UUID NOT NULL REFERENCES counts (id),
  number INTEGER NOT NULL,
  participants INTEGER NOT NULL CHECK (participants >= 0),
  women INTEGER,
  men INTEGER,
  other_gender INTEGER,
  so_far INTEGER,
  note TEXT,
  withdrawn BOOLEAN NOT NULL,
  reason TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ,
  UNIQUE (count_id, number)
);

CREATE TABLE imports (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  kind TEXT NOT NULL,
  sha256 BYTEA NOT NULL,
  rows_read INTEGER NOT NULL,
  created INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  imported_by UUID REFERENCES users (id),
  imported_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX imports_by_programme ON imports (programme_id, id);
