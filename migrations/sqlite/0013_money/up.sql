ALTER TABLE project_versions ADD COLUMN total_budget_ore INTEGER CHECK (total_budget_ore > 0);
ALTER TABLE project_versions ADD COLUMN own_cofinancing_ore INTEGER CHECK (own_cofinancing_ore >= 0);
ALTER TABLE project_versions ADD COLUMN other_cofinancing_ore INTEGER CHECK (other_cofinancing_ore >= 0);
ALTER TABLE project_grants ADD COLUMN round_id BLOB REFERENCES rounds (id);
ALTER TABLE project_grants ADD COLUMN application_id BLOB REFERENCES applications (id);

CREATE TABLE spending_versions (
  id BLOB PRIMARY KEY NOT NULL,
  spending_id BLOB NOT NULL,
  project_id BLOB NOT NULL REFERENCES projects (id),
  on_date TEXT NOT NULL,
  spent_ore INTEGER NOT NULL CHECK (spent_ore >= 0),
  note TEXT,
  withdrawn INTEGER NOT NULL,
  reason TEXT,
  recorded_at INTEGER NOT NULL,
  recorded_by BLOB REFERENCES users (id),
  superseded_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX spending_versions_current ON spending_versions (project_id, on_date) WHERE superseded_at IS NULL;
CREATE INDEX spending_versions_by_spending ON spending_versions (spending_id);
