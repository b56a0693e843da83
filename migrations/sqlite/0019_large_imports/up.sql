ALTER TABLE imports ADD COLUMN state TEXT NOT NULL DEFAULT 'applied' CHECK (state IN ('staging', 'checking', 'applying', 'checked', 'refused', 'applied', 'stopped', 'failed'));
ALTER TABLE imports ADD COLUMN dry_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
-- How the file was written, and its first line: what it takes to read its rows again.
ALTER TABLE imports ADD COLUMN style BLOB;
ALTER TABLE imports ADD COLUMN header BLOB;
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
ALTER TABLE imports ADD COLUMN worked_at INTEGER;
ALTER TABLE imports ADD COLUMN finished_at INTEGER;

UPDATE imports SET finished_at = imported_at;

-- The rows of a large file, in its order, until it is done with.
CREATE TABLE import_rows (
  import_id BLOB NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  line INTEGER NOT NULL,
  cells TEXT NOT NULL,
  faulty INTEGER NOT NULL,
  PRIMARY KEY (import_id, number)
) STRICT, WITHOUT ROWID;

-- Which step a row belongs to: all rows of a series are in one.
CREATE TABLE import_steps (
  import_id BLOB NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (import_id, step, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_faults (
  import_id BLOB NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  column_name TEXT,
  value TEXT,
  code TEXT NOT NULL,
  args BLOB NOT NULL,
  PRIMARY KEY (import_id, number, position)
) STRICT, WITHOUT ROWID;
