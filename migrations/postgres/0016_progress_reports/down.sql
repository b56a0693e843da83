DROP TABLE report_reminders;
DROP TABLE progress_report_versions;
DROP TABLE progress_reports;
