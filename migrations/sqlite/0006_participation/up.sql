CREATE TABLE counts (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB NOT NULL REFERENCES projects (id),
  natural_key TEXT NOT NULL,
  series_key TEXT NOT NULL,
  activity_id BLOB REFERENCES activities (id),
  organisation_id BLOB REFERENCES organisations (id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  role_id BLOB NOT NULL REFERENCES codes (id),
  education_level_id BLOB REFERENCES codes (id),
  counting TEXT NOT NULL CHECK (counting IN ('unique', 'attendances')),
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, natural_key),
  CHECK (period_start <= period_end)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_by_series ON counts (project_id, series_key, period_start);
CREATE INDEX counts_by_programme ON counts (programme_id, id);

CREATE TABLE count_versions (
  id BLOB PRIMARY KEY NOT NULL,
  count_id BLOB NOT NULL REFERENCES counts (id),
  number INTEGER NOT NULL,
  participants INTEGER NOT NULL CHECK (participants >= 0),
  women INTEGER,
  men INTEGER,
  other_gender INTEGER,
  so_far INTEGER,
  note TEXT,
  withdrawn INTEGER NOT NULL,
  reason TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER,
  UNIQUE (count_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  kind TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  rows_read INTEGER NOT NULL,
  created INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  imported_by BLOB REFERENCES users (id),
  imported_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_by_programme ON imports (programme_id, id);
