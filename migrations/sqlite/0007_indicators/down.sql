DROP TABLE value_versions;
DROP TABLE target_parts;
DROP TABLE target_versions;
DROP TABLE indicator_codes;
DROP TABLE indicators;
