CREATE TABLE audit_entries (
  chain UUID NOT NULL,
  number BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_id UUID REFERENCES users (id),
  action TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id UUID NOT NULL,
  version_id UUID,
  reason TEXT,
  previous_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (chain, number)
);
CREATE INDEX audit_entries_by_entity ON audit_entries (chain, entity_id, number);
