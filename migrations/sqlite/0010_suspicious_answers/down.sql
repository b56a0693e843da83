ALTER TABLE links DROP COLUMN suspicious;
