DROP TABLE reported_fact_versions;
DROP TABLE application_levels;
DROP TABLE application_versions;
DROP TABLE applications;
DROP TABLE round_codes;
DROP TABLE round_versions;
DROP TABLE rounds;
ALTER TABLE organisations DROP COLUMN kind;
