DROP TABLE spending_versions;
ALTER TABLE project_grants DROP COLUMN application_id;
ALTER TABLE project_grants DROP COLUMN round_id;
ALTER TABLE project_versions DROP COLUMN other_cofinancing_ore;
ALTER TABLE project_versions DROP COLUMN own_cofinancing_ore;
ALTER TABLE project_versions DROP COLUMN total_budget_ore;
