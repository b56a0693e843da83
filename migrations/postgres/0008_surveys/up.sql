CREATE TABLE questionnaires (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID REFERENCES projects (id),
  code TEXT NOT NULL,
  definition JSONB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);
CREATE INDEX questionnaires_by_project ON questionnaires (project_id, id);

CREATE TABLE questionnaire_versions (
  id UUID PRIMARY KEY NOT NULL,
  questionnaire_id UUID NOT NULL REFERENCES questionnaires (id),
  number INTEGER NOT NULL CHECK (number > 0),
  definition JSONB NOT NULL,
  published_at TIMESTAMPTZ NOT NULL,
  published_by UUID REFERENCES users (id),
  closed_at TIMESTAMPTZ,
  UNIQUE (questionnaire_id, number)
);

CREATE TABLE core_questions (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  code TEXT NOT NULL,
  question JSONB NOT NULL,
  retired BOOLEAN NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (programme_id, code)
);

CREATE TABLE core_question_uses (
  core_question_id UUID NOT NULL REFERENCES core_questions (id),
  version_id UUID NOT NULL REFERENCES questionnaire_versions (id),
  PRIMARY KEY (core_question_id, version_id)
);
CREATE INDEX core_question_uses_by_version ON core_question_uses (version_id);

CREATE TABLE links (
  id UUID PRIMARY KEY NOT NULL,
  programme_id UUID NOT NULL REFERENCES programmes (id),
  project_id UUID REFERENCES projects (id),
  questionnaire_id UUID NOT NULL REFERENCES questionnaires (id),
  version_id UUID NOT NULL REFERENCES questionnaire_versions (id),
  token TEXT NOT NULL UNIQUE,
  organisation_id UUID REFERENCES organisations (id),
  label TEXT NOT NULL,
  education_level_id UUID REFERENCES codes (id),
  audience TEXT NOT NULL CHECK (audience IN ('pupil', 'teacher', 'other')),
  wave TEXT,
  opens_at TIMESTAMPTZ,
  closes_at TIMESTAMPTZ,
  cap INTEGER CHECK (cap > 0),
  class_size INTEGER CHECK (class_size > 0),
  language TEXT,
  origins JSONB NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('open', 'codes')),
  state TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
  closed_at TIMESTAMPTZ,
  version INTEGER NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX links_by_questionnaire ON links (questionnaire_id, id);
CREATE INDEX links_by_project ON links (project_id, id);
CREATE INDEX links_by_state ON links (state, closes_at);

CREATE TABLE link_codes (
  code_hash BYTEA PRIMARY KEY NOT NULL,
  link_id UUID NOT NULL REFERENCES links (id)
);
CREATE INDEX link_codes_by_link ON link_codes (link_id);

-- No column and no index tells the order or the time: only the day, and a random key.
CREATE TABLE responses (
  link_id UUID NOT NULL REFERENCES links (id),
  id UUID NOT NULL,
  day DATE NOT NULL,
  answers TEXT NOT NULL,
  PRIMARY KEY (link_id, id)
);

CREATE TABLE tallies (
  link_id UUID NOT NULL REFERENCES links (id),
  question TEXT NOT NULL,
  option TEXT NOT NULL,
  base_question TEXT NOT NULL,
  base_option TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('response', 'paper', 'reduced')),
  n BIGINT NOT NULL,
  PRIMARY KEY (link_id, question, option, base_question, base_option, source)
);

CREATE TABLE crossings (
  questionnaire_id UUID NOT NULL REFERENCES questionnaires (id),
  base_question TEXT NOT NULL,
  question TEXT NOT NULL,
  base_options JSONB NOT NULL,
  PRIMARY KEY (questionnaire_id, base_question, question)
);

-- With all that decides what of it may be seen, as that was then.
CREATE TABLE releases (
  link_id UUID NOT NULL REFERENCES links (id),
  number INTEGER NOT NULL CHECK (number > 0),
  recorded_at TIMESTAMPTZ NOT NULL,
  closing BOOLEAN NOT NULL,
  threshold INTEGER NOT NULL CHECK (threshold >= 3),
  organisation_id UUID REFERENCES organisations (id),
  education_level_id UUID REFERENCES codes (id),
  wave TEXT,
  n BIGINT NOT NULL,
  paper BIGINT NOT NULL,
  plan JSONB NOT NULL,
  tally JSONB NOT NULL,
  PRIMARY KEY (link_id, number)
);

-- The last day on which a nightly task was done, so that a missed one is made up for.
CREATE TABLE nightly_tasks (
  task TEXT PRIMARY KEY NOT NULL,
  day DATE NOT NULL
);

-- Of an indicator from answers: which of them count.
ALTER TABLE indicators ADD COLUMN survey JSONB;
ALTER TABLE indicators ADD COLUMN survey_since TIMESTAMPTZ;
ALTER TABLE programmes ADD COLUMN threshold INTEGER NOT NULL DEFAULT 5 CHECK (threshold >= 3);
