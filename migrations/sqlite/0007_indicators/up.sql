CREATE TABLE indicators (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB REFERENCES projects (id),
  activity_id BLOB REFERENCES activities (id),
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  note TEXT,
  level TEXT NOT NULL CHECK (level IN ('output', 'outcome', 'impact')),
  unit TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('participation', 'survey', 'manual')),
  counting TEXT CHECK (counting IN ('unique', 'attendances')),
  organisation_id BLOB REFERENCES organisations (id),
  position INTEGER NOT NULL,
  retired INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX indicators_by_project ON indicators (project_id, position);

CREATE TABLE indicator_codes (
  indicator_id BLOB NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
  code_id BLOB NOT NULL REFERENCES codes (id),
  PRIMARY KEY (indicator_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE target_versions (
  id BLOB PRIMARY KEY NOT NULL,
  revision_id BLOB NOT NULL,
  indicator_id BLOB NOT NULL REFERENCES indicators (id),
  number INTEGER NOT NULL,
  target BLOB NOT NULL,
  planned BLOB NOT NULL,
  holds_from TEXT,
  reason TEXT,
  reported INTEGER NOT NULL,
  source_note TEXT,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'refused', 'withdrawn')),
  proposed_by BLOB REFERENCES users (id),
  proposed_at INTEGER NOT NULL,
  decided_by BLOB REFERENCES users (id),
  decided_at INTEGER,
  decision_note TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX target_versions_by_indicator ON target_versions (indicator_id, number);
CREATE UNIQUE INDEX target_versions_current ON target_versions (revision_id) WHERE superseded_at IS NULL;

CREATE TABLE target_parts (
  version_id BLOB NOT NULL REFERENCES target_versions (id),
  organisation_id BLOB NOT NULL REFERENCES organisations (id),
  minimum INTEGER NOT NULL CHECK (minimum >= 0),
  PRIMARY KEY (version_id, organisation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE value_versions (
  id BLOB PRIMARY KEY NOT NULL,
  value_id BLOB NOT NULL,
  indicator_id BLOB NOT NULL REFERENCES indicators (id),
  on_date TEXT NOT NULL,
  thousandths INTEGER NOT NULL,
  note TEXT,
  reported INTEGER NOT NULL,
  source_note TEXT,
  withdrawn INTEGER NOT NULL,
  reason TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX value_versions_by_indicator ON value_versions (indicator_id, on_date);
CREATE UNIQUE INDEX value_versions_current ON value_versions (indicator_id, on_date, reported) WHERE superseded_at IS NULL;
