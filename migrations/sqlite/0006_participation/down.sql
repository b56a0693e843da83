DROP TABLE imports;
DROP TABLE count_versions;
DROP TABLE counts;
