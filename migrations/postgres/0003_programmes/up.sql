CREATE TABLE programmes (
  id UUID PRIMARY KEY NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name_da TEXT NOT NULL,
  name_en TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE codes (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  list TEXT NOT NULL CHECK (list IN ('focus_area', 'project_type', 'approach', 'education_level', 'participant_role', 'round_kind')),
  code TEXT NOT NULL,
  parent_id UUID REFERENCES codes (id),
  name_da TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL,
  retired BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (programme_id, list, code)
);

CREATE TABLE organisations (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  education_type_id UUID REFERENCES codes (id),
  institution_number TEXT,
  cvr_number TEXT,
  retired BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (programme_id, code),
  UNIQUE (programme_id, institution_number)
);
