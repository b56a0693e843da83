-- What a link's results are handed back to its class by. Whoever answers has another token.
CREATE TABLE class_pages (
  token TEXT PRIMARY KEY NOT NULL,
  link_id BLOB NOT NULL UNIQUE REFERENCES links (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO class_pages (token, link_id) SELECT upper(hex(randomblob(16))), id FROM links;
