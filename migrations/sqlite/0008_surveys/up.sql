CREATE TABLE questionnaires (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB REFERENCES projects (id),
  code TEXT NOT NULL,
  definition BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX questionnaires_by_project ON questionnaires (project_id, id);

CREATE TABLE questionnaire_versions (
  id BLOB PRIMARY KEY NOT NULL,
  questionnaire_id BLOB NOT NULL REFERENCES questionnaires (id),
  number INTEGER NOT NULL CHECK (number > 0),
  definition BLOB NOT NULL,
  published_at INTEGER NOT NULL,
  published_by BLOB REFERENCES users (id),
  closed_at INTEGER,
  UNIQUE (questionnaire_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE core_questions (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  question BLOB NOT NULL,
  retired INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (programme_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE core_question_uses (
  core_question_id BLOB NOT NULL REFERENCES core_questions (id),
  version_id BLOB NOT NULL REFERENCES questionnaire_versions (id),
  PRIMARY KEY (core_question_id, version_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX core_question_uses_by_version ON core_question_uses (version_id);

CREATE TABLE links (
  id BLOB PRIMARY KEY NOT NULL,
  programme_id BLOB NOT NULL REFERENCES programmes (id),
  project_id BLOB REFERENCES projects (id),
  questionnaire_id BLOB NOT NULL REFERENCES questionnaires (id),
  version_id BLOB NOT NULL REFERENCES questionnaire_versions (id),
  token TEXT NOT NULL UNIQUE,
  organisation_id BLOB REFERENCES organisations (id),
  label TEXT NOT NULL,
  education_level_id BLOB REFERENCES codes (id),
  audience TEXT NOT NULL CHECK (audience IN ('pupil', 'teacher', 'other')),
  wave TEXT,
  opens_at INTEGER,
  closes_at INTEGER,
  cap INTEGER CHECK (cap > 0),
  class_size INTEGER CHECK (class_size > 0),
  language TEXT,
  origins BLOB NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('open', 'codes')),
  state TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
  closed_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_questionnaire ON links (questionnaire_id, id);
CREATE INDEX links_by_project ON links (project_id, id);
CREATE INDEX links_by_state ON links (state, closes_at);

CREATE TABLE link_codes (
  code_hash BLOB PRIMARY KEY NOT NULL,
  link_id BLOB NOT NULL REFERENCES links (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_codes_by_link ON link_codes (link_id);

-- No column and no index tells the order or the time: only the day, and a random key.
CREATE TABLE responses (
  link_id BLOB NOT NULL REFERENCES links (id),
  id BLOB NOT NULL,
  day TEXT NOT NULL,
  answers TEXT NOT NULL,
  PRIMARY KEY (link_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tallies (
  link_id BLOB NOT NULL REFERENCES links (id),
  question TEXT NOT NULL,
  option TEXT NOT NULL,
  base_question TEXT NOT NULL,
  base_option TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('response', 'paper', 'reduced')),
  n INTEGER NOT NULL,
  PRIMARY KEY (link_id, question, option, base_question, base_option, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE crossings (
  questionnaire_id BLOB NOT NULL REFERENCES questionnaires (id),
  base_question TEXT NOT NULL,
  question TEXT NOT NULL,
  base_options BLOB NOT NULL,
  PRIMARY KEY (questionnaire_id, base_question, question)
) STRICT, WITHOUT ROWID;

-- With all that decides what of it may be seen, as that was then.
CREATE TABLE releases (
  link_id BLOB NOT NULL REFERENCES links (id),
  number INTEGER NOT NULL CHECK (number > 0),
  recorded_at INTEGER NOT NULL,
  closing INTEGER NOT NULL,
  threshold INTEGER NOT NULL CHECK (threshold >= 3),
  organisation_id BLOB REFERENCES organisations (id),
  education_level_id BLOB REFERENCES codes (id),
  wave TEXT,
  n INTEGER NOT NULL,
  paper INTEGER NOT NULL,
  plan BLOB NOT NULL,
  tally BLOB NOT NULL,
  PRIMARY KEY (link_id, number)
) STRICT, WITHOUT ROWID;

-- The last day on which a nightly task was done, so that a missed one is made up for.
CREATE TABLE nightly_tasks (
  task TEXT PRIMARY KEY NOT NULL,
  day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of an indicator from answers: which of them count.
ALTER TABLE indicators ADD COLUMN survey BLOB;
ALTER TABLE indicators ADD COLUMN survey_since INTEGER;
ALTER TABLE programmes ADD COLUMN threshold INTEGER NOT NULL DEFAULT 5 CHECK (threshold >= 3);
