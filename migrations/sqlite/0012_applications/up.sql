ALTER TABLE organisations ADD COLUMN kind TEXT CHECK (kind IN ('education', 'company', 'authority', 'other'));

CREATE TABLE rounds (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE round_versions (
  id BLOB PRIMARY KEY NOT NULL,
  round_id BLOB NOT NULL REFERENCES rounds (id),
  number INTEGER NOT NULL,
  year INTEGER NOT NULL,
  kind_id BLOB NOT NULL REFERENCES codes (id),
  envelope_ore INTEGER CHECK (envelope_ore >= 0),
  note TEXT,
  removed INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER,
  UNIQUE (round_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX round_versions_current ON round_versions (round_id) WHERE superseded_at IS NULL;

CREATE TABLE round_codes (
  version_id BLOB NOT NULL REFERENCES round_versions (id),
  code_id BLOB NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE applications (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE application_versions (
  id BLOB PRIMARY KEY NOT NULL,
  application_id BLOB NOT NULL REFERENCES applications (id),
  number INTEGER NOT NULL,
  round_id BLOB NOT NULL REFERENCES rounds (id),
  applicant_id BLOB REFERENCES organisations (id),
  applicant_name TEXT,
  title TEXT NOT NULL,
  summary TEXT,
  focus_area_id BLOB REFERENCES codes (id),
  applied_ore INTEGER CHECK (applied_ore > 0),
  received_on TEXT,
  recommendation TEXT CHECK (recommendation IN ('grant', 'grant_with_changes', 'reject')),
  recommended_ore INTEGER CHECK (recommended_ore > 0),
  recommendation_note TEXT,
  decision TEXT CHECK (decision IN ('granted', 'rejected', 'withdrawn')),
  granted_ore INTEGER CHECK (granted_ore > 0),
  decided_on TEXT,
  decision_note TEXT,
  removed INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER,
  UNIQUE (application_id, number),
  CHECK ((decision IS NOT NULL AND decision = 'granted') = (granted_ore IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX application_versions_current ON application_versions (application_id) WHERE superseded_at IS NULL;
CREATE INDEX application_versions_by_round ON application_versions (round_id);

CREATE TABLE application_levels (
  version_id BLOB NOT NULL REFERENCES application_versions (id),
  code_id BLOB NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reported_fact_versions (
  id BLOB PRIMARY KEY NOT NULL,
  fact_id BLOB NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  natural_key TEXT NOT NULL,
  measure TEXT NOT NULL,
  year INTEGER,
  dimension TEXT,
  category TEXT,
  unit TEXT NOT NULL CHECK (unit IN ('kroner', 'count', 'percent')),
  thousandths INTEGER NOT NULL,
  printed TEXT,
  on_date TEXT,
  source TEXT NOT NULL,
  page TEXT,
  note TEXT,
  withdrawn INTEGER NOT NULL,
  reason TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reported_fact_versions_current ON reported_fact_versions (programme_id, natural_key) WHERE superseded_at IS NULL;
CREATE INDEX reported_fact_versions_by_fact ON reported_fact_versions (fact_id);
