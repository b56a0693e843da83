CREATE TABLE programmes (
  id BLOB PRIMARY KEY NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name_da TEXT NOT NULL,
  name_en TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  list TEXT NOT NULL CHECK (list IN ('focus_area', 'project_type', 'approach', 'education_level', 'participant_role', 'round_kind')),
  code TEXT NOT NULL,
  parent_id BLOB REFERENCES codes (id),
  name_da TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL,
  retired INTEGER NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (programme_id, list, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisations (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  education_type_id BLOB REFERENCES codes (id),
  institution_number TEXT,
  cvr_number TEXT,
  retired INTEGER NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (programme_id, code),
  UNIQUE (programme_id, institution_number)
) STRICT, WITHOUT ROWID;
