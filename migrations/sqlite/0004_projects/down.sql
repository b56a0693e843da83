DROP TABLE activities;
DROP TABLE project_extensions;
DROP TABLE project_grants;
DROP TABLE project_partners;
DROP TABLE project_approaches;
DROP TABLE project_versions;
DROP TABLE projects;
