ALTER TABLE imports ADD COLUMN state TEXT NOT NULL DEFAULT 'applied' CHECK (state IN ('staging', 'checking', 'applying', 'checked', 'refused', 'applied', 'stopped', 'failed'));
ALTER TABLE imports ADD COLUMN dry_run BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE imports ADD COLUMN partial BOOLEAN NOT NULL DEFAULT false;
-- How the file was written, and its first line: what it takes to read its rows again.
ALTER TABLE imports ADD COLUMN style JSONB;
ALTER TABLE imports ADD COLUMN header JSONB;
-- The rows are worked on in so many steps, and so many are done.
ALTER TABLE imports ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN steps_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN rows_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN rows_skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN rows_unfilled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN adjusted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN error_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN failure TEXT;
-- Whoever works on it says so every few seconds.
ALTER TABLE imports ADD COLUMN worked_at TIMESTAMPTZ;
ALTER TABLE imports ADD COLUMN finished_at TIMESTAMPTZ;

UPDATE imports SET finished_at = imported_at;

-- The rows of a large file, in its order, until it is done with.
CREATE TABLE import_rows (
  import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  line BIGINT NOT NULL,
  cells TEXT NOT NULL,
  faulty BOOLEAN NOT NULL,
  PRIMARY KEY (import_id, number)
);

-- Which step a row belongs to: all rows of a series are in one.
CREATE TABLE import_steps (
  import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (import_id, step, number)
);

CREATE TABLE import_faults (
  import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line BIGINT NOT NULL,
  column_name TEXT,
  value TEXT,
  code TEXT NOT NULL,
  args JSONB NOT NULL,
  PRIMARY KEY (import_id, number, position)
);
