ALTER TABLE reported_fact_versions ADD COLUMN projects BLOB;
