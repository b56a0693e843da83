ALTER TABLE reported_fact_versions DROP COLUMN projects;
