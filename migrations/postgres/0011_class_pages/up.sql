-- What a link's results are handed back to its class by. Whoever answers has another token.
CREATE TABLE class_pages (
  token TEXT PRIMARY KEY NOT NULL,
  link_id UUID NOT NULL UNIQUE REFERENCES links (id) ON DELETE CASCADE
);
INSERT INTO class_pages (token, link_id)
SELECT upper(replace(gen_random_uuid()::text, '-', '')), id FROM links;
