ALTER TABLE project_versions ADD COLUMN total_budget_ore BIGINT CHECK (total_budget_ore > 0);
ALTER TABLE project_versions ADD COLUMN own_cofinancing_ore BIGINT CHECK (own_cofinancing_ore >= 0);
ALTER TABLE project_versions ADD COLUMN other_cofinancing_ore BIGINT CHECK (other_cofinancing_ore >= 0);
ALTER TABLE project_grants ADD COLUMN round_id UUID REFERENCES rounds (id);
ALTER TABLE project_grants ADD COLUMN application_id UUID REFERENCES applications (id);

CREATE TABLE spending_versions (
  id UUID PRIMARY KEY NOT NULL,
  spending_id UUID NOT NULL,
  project_id UUID NOT NULL REFERENCES projects (id),
  on_date DATE NOT NULL,
  spent_ore BIGINT NOT NULL CHECK (spent_ore >= 0),
  note TEXT,
  withdrawn BOOLEAN NOT NULL,
  reason TEXT,
  recorded_at TIMESTAMPTZ NOT NULL,
  recorded_by UUID REFERENCES users (id),
  superseded_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX spending_versions_current ON spending_versions (project_id, on_date) WHERE superseded_at IS NULL;
CREATE INDEX spending_versions_by_spending ON spending_versions (spending_id);
