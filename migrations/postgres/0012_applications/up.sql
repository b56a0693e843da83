ALTER TABLE organisations ADD COLUMN kind TEXT CHECK (kind IN ('education', 'company', 'authority', 'other'));

CREATE TABLE rounds (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);

CREATE TABLE round_versions (
  id UUID PRIMARY KEY NOT NULL,
  round_id UUID NOT NULL REFERENCES rounds (id),
  number INTEGER NOT NULL,
  year INTEGER NOT NULL,
  kind_id UUID NOT NULL REFERENCES codes (id),
  envelope_ore BIGINT CHECK (envelope_ore >= 0),
  note TEXT,
  removed BOOLEAN NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ,
  UNIQUE (round_id, number)
);
CREATE UNIQUE INDEX round_versions_current ON round_versions (round_id) WHERE superseded_at IS NULL;

CREATE TABLE round_codes (
  version_id UUID NOT NULL REFERENCES round_versions (id),
  code_id UUID NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
);

CREATE TABLE applications (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);

CREATE TABLE application_versions (
  id UUID PRIMARY KEY NOT NULL,
  application_id UUID NOT NULL REFERENCES applications (id),
  number INTEGER NOT NULL,
  round_id UUID NOT NULL REFERENCES rounds (id),
  applicant_id UUID REFERENCES organisations (id),
  applicant_name TEXT,
  title TEXT NOT NULL,
  summary TEXT,
  focus_area_id UUID REFERENCES codes (id),
  applied_ore BIGINT CHECK (applied_ore > 0),
  received_on DATE,
  recommendation TEXT CHECK (recommendation IN ('grant', 'grant_with_changes', 'reject')),
  recommended_ore BIGINT CHECK (recommended_ore > 0),
  recommendation_note TEXT,
  decision TEXT CHECK (decision IN ('granted', 'rejected', 'withdrawn')),
  granted_ore BIGINT CHECK (granted_ore > 0),
  decided_on DATE,
  decision_note TEXT,
  removed BOOLEAN NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ,
  UNIQUE (application_id, number),
  CHECK ((decision IS NOT NULL AND decision = 'granted') = (granted_ore IS NOT NULL))
);
CREATE UNIQUE INDEX application_versions_current ON application_versions (application_id) WHERE superseded_at IS NULL;
CREATE INDEX application_versions_by_round ON application_versions (round_id);

CREATE TABLE application_levels (
  version_id UUID NOT NULL REFERENCES application_versions (id),
  code_id UUID NOT NULL REFERENCES codes (id),
  PRIMARY KEY (version_id, code_id)
);

CREATE TABLE reported_fact_versions (
  id UUID PRIMARY KEY NOT NULL,
  fact_id UUID NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  natural_key TEXT NOT NULL,
  measure TEXT NOT NULL,
  year INTEGER,
  dimension TEXT,
  category TEXT,
  unit TEXT NOT NULL CHECK (unit IN ('kroner', 'count', 'percent')),
  thousandths BIGINT NOT NULL,
  printed TEXT,
  on_date DATE,
  source TEXT NOT NULL,
  page TEXT,
  note TEXT,
  withdrawn BOOLEAN NOT NULL,
  reason TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX reported_fact_versions_current ON reported_fact_versions (programme_id, natural_key) WHERE superseded_at IS NULL;
CREATE INDEX reported_fact_versions_by_fact ON reported_fact_versions (fact_id);
