DROP TABLE class_pages;
