-- An account as version 0.1.0 (b8f2a26) made it: its 13 migrations, one after another. Never edited.
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  base_url TEXT NOT NULL,
  credential_version INTEGER NOT NULL,
  wrapped_key BLOB NOT NULL,
  last_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE server (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  digest BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL,
  config TEXT NOT NULL,
  expires_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX server_by_expiry ON server (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE list_order (
  resource TEXT PRIMARY KEY,
  newest_or_oldest TEXT NOT NULL CHECK (newest_or_oldest IN ('newest', 'oldest'))
) STRICT, WITHOUT ROWID;
ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'needs_reauth'));
ALTER TABLE account ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1));
CREATE TABLE retired_token (
  digest BLOB PRIMARY KEY,
  server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
  ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX retired_token_by_server ON retired_token (server_id);
ALTER TABLE account ADD COLUMN writes_stopped INTEGER NOT NULL DEFAULT 0 CHECK (writes_stopped IN (0, 1));
CREATE TABLE ledger (
  key TEXT PRIMARY KEY,
  tool TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (effect IN ('write', 'money')),
  server_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'succeeded', 'rejected', 'not_sent', 'unknown')),
  claimed_at INTEGER NOT NULL,
  settled_at INTEGER,
  kept TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_fingerprint ON ledger (fingerprint, claimed_at);
CREATE INDEX ledger_by_time ON ledger (claimed_at);
CREATE INDEX ledger_under_way ON ledger (claimed_at) WHERE state = 'claimed';
CREATE TABLE ledger_subject (
  digest BLOB NOT NULL,
  key TEXT NOT NULL REFERENCES ledger (key) ON DELETE CASCADE,
  PRIMARY KEY (digest, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_subject_by_key ON ledger_subject (key);
CREATE TABLE movement (
  key TEXT NOT NULL,
  server_id TEXT NOT NULL,
  buyer TEXT NOT NULL,
  supplier TEXT NOT NULL,
  cents INTEGER NOT NULL,
  count INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX movement_by_key ON movement (key);
CREATE INDEX movement_by_time ON movement (at);
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
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL
) STRICT;
ALTER TABLE server ADD COLUMN warned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN target TEXT NOT NULL DEFAULT '{}';
ALTER TABLE ledger_subject ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger_subject ADD COLUMN record_id TEXT;
ALTER TABLE movement ADD COLUMN approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1));
CREATE INDEX movement_by_server ON movement (server_id, at);
CREATE TABLE draft (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  tool TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (effect IN ('write', 'money')),
  server_id TEXT NOT NULL,
  server_name TEXT NOT NULL,
  server_created_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'executed', 'rejected', 'expired', 'canceled')),
  reasons TEXT NOT NULL,
  summary TEXT NOT NULL,
  caller TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  decider_name TEXT,
  decision_reason TEXT,
  outcome TEXT,
  wrapped_key BLOB,
  body BLOB
) STRICT;
CREATE INDEX draft_by_key ON draft (key, created_at);
CREATE INDEX draft_by_fingerprint ON draft (fingerprint) WHERE state = 'pending';
CREATE INDEX draft_pending ON draft (created_at) WHERE state = 'pending';
ALTER TABLE account ADD COLUMN approval TEXT NOT NULL DEFAULT '"none"';
CREATE TABLE webhook_secret (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  allowed_hosts TEXT NOT NULL,
  wrapped_key BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE oauth_grant (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
  api_token_id TEXT NOT NULL,
  api_token_name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_name TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL,
  code_used INTEGER NOT NULL DEFAULT 0 CHECK (code_used IN (0, 1)),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oauth_grant_by_server ON oauth_grant (server_id, seq);
CREATE INDEX oauth_grant_by_expiry ON oauth_grant (expires_at);
CREATE INDEX audit_calls_by_server ON audit (entry ->> '$.mcp_server_id', at) WHERE type = 'mcp';
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (13);
