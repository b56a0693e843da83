DROP TABLE period_openings;
DROP TABLE period_locks;
