/** Tables of the account's object and of the directory. Append only. Times are milliseconds since the epoch. */

import { AUDIT } from './audit.ts'
import { DRAFTS } from './drafts.ts'
import { GRANTS } from './grants.ts'
import { LEDGER, LEDGER_FACTS } from './ledger.ts'
import { OUTBOX } from './outbox.ts'
import type { Migrations } from './schema.ts'
import { WEBHOOK_SECRETS } from './secrets.ts'
import { SESSIONS } from './sessions.ts'
import { CALLS_BY_SERVER } from './usage.ts'

const ACCOUNT_AND_SERVERS = `
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
`

const LEARNED_ORDERS = `
  CREATE TABLE list_order (
    resource TEXT PRIMARY KEY,
    newest_or_oldest TEXT NOT NULL CHECK (newest_or_oldest IN ('newest', 'oldest'))
  ) STRICT, WITHOUT ROWID;
`

const STATUS_AND_RETIRED_TOKENS = `
  ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'needs_reauth'));
  ALTER TABLE account ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1));
  CREATE TABLE retired_token (
    digest BLOB PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES server (id) ON DELETE CASCADE,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX retired_token_by_server ON retired_token (server_id);
`

const STOPPED_WRITES = `
  ALTER TABLE account ADD COLUMN writes_stopped INTEGER NOT NULL DEFAULT 0 CHECK (writes_stopped IN (0, 1));
`

const DEFAULT_APPROVAL = `
  ALTER TABLE account ADD COLUMN approval TEXT NOT NULL DEFAULT '"none"';
`

export const accountMigrations: Migrations = [
  ACCOUNT_AND_SERVERS,
  LEARNED_ORDERS,
  STATUS_AND_RETIRED_TOKENS,
  STOPPED_WRITES,
  LEDGER,
  AUDIT,
  OUTBOX,
  LEDGER_FACTS,
  DRAFTS,
  DEFAULT_APPROVAL,
  WEBHOOK_SECRETS,
  GRANTS,
  CALLS_BY_SERVER,
]

const DIRECTORY = `
  CREATE TABLE account (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
`

const API_TOKENS = `
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
`

const DEPLOYMENT_SWITCH = `
  CREATE TABLE deployment (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    writes_stopped INTEGER NOT NULL CHECK (writes_stopped IN (0, 1))
  ) STRICT;
  INSERT INTO deployment VALUES (1, 0);
`

export const directoryMigrations: Migrations = [DIRECTORY, API_TOKENS, DEPLOYMENT_SWITCH, AUDIT, SESSIONS]
