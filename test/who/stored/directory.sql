-- The directory as version 0.1.0 (b8f2a26) made it: its 5 migrations, one after another. Never edited.
CREATE TABLE account (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE api_token (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'system')),
  scopes TEXT NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE deployment (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  writes_stopped INTEGER NOT NULL CHECK (writes_stopped IN (0, 1))
) STRICT;
INSERT INTO deployment VALUES (1, 0);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  entry TEXT NOT NULL,
  hash TEXT
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_unsealed ON audit (seq) WHERE hash IS NULL;
CREATE TABLE audit_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  kept_days INTEGER NOT NULL,
  checkpoint_seq INTEGER NOT NULL,
  checkpoint_hash TEXT NOT NULL,
  removed INTEGER NOT NULL
) STRICT;
INSERT INTO audit_state VALUES (1, 400, 0, '0000000000000000000000000000000000000000000000000000000000000000', 0);
CREATE TABLE session (
  digest BLOB PRIMARY KEY,
  api_token_id TEXT REFERENCES api_token (id) ON DELETE CASCADE,
  admin_key_digest BLOB,
  opened_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  CHECK ((api_token_id IS NULL) <> (admin_key_digest IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_token ON session (api_token_id);
CREATE TABLE sign_in_code (
  digest BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (5);
