DROP TABLE organisations;
DROP TABLE codes;
DROP TABLE programmes;
