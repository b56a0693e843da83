CREATE TABLE audit_entries (
  chain BLOB NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_id BLOB REFERENCES users (id),
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  version_id BLOB,
  reason TEXT,
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (chain, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_by_entity ON audit_entries (chain, entity_id, number);
