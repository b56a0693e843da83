DROP TABLE change_request_versions;
