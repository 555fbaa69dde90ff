/**
 * Brings a Durable Object's tables up to date when the object starts: all versions in order, made of the steps that each
 * table's file declares. Append only.
 */
import { ConfigurationFault } from '../../core/keys.ts'
import {
  ACCOUNT,
  ACCOUNT_APPROVAL,
  ACCOUNT_LIMITS,
  ACCOUNT_REVISION,
  ACCOUNT_STATUS,
  ACCOUNT_WRITES_STOPPED,
} from './account.ts'
import { AUDIT, CALLS_BY_SERVER, settleAudit } from './audit.ts'
import { DEPLOYMENT, DEPLOYMENT_STOP, FOUR_EYES, OIDC_ROLES_SEEN } from './deployment.ts'
import { DRAFT_PAGE } from './drafts/draft-pages.ts'
import { DRAFT_SUBJECT } from './drafts/draft-subjects.ts'
import { DRAFT, DRAFT_HANDS, DRAFT_ONE_PERSON, DRAFT_REASON } from './drafts/drafts.ts'
import { SETTINGS_ASKER_ISSUERS, SETTINGS_ASKER_KEY, SETTINGS_DRAFT } from './drafts/settings-drafts.ts'
import { ENDED_TOKEN } from './ended-tokens.ts'
import { LEDGER_CHANGE } from './ledger/changes.ts'
import { LEDGER, LEDGER_FACTS, LEDGER_LOOKS } from './ledger/ledger.ts'
import {
  canonicalMovements,
  MOVEMENT,
  MOVEMENT_APPROVED,
  MOVEMENT_BY_SUPPLIER,
  MOVEMENT_NAMED,
  MOVEMENT_OUTCOME,
} from './ledger/movements.ts'
import { LIST_ORDER } from './list-order.ts'
import {
  endedBefore,
  LISTED_ACCOUNT,
  LISTED_ACCOUNT_ENDING,
  LISTED_ACCOUNT_STOP,
  LISTED_ACCOUNT_WAITING,
} from './listed-accounts.ts'
import { OUTBOX } from './outbox.ts'
import { PAYEE_CHANGE } from './payee-changes.ts'
import { PAYEE } from './payees.ts'
import { API_TOKEN, API_TOKEN_ISSUERS, TOKEN_ASLEEP, tokensOfPeople } from './principals/api-tokens.ts'
import { GRANT_OF_PERSON, OAUTH_GRANT } from './principals/grants.ts'
import { OAUTH_CLIENT } from './principals/oauth-clients.ts'
import { OAUTH_RECORD } from './principals/oauth-records.ts'
import { PERSON, PERSON_IDENTITY, PERSON_IDENTITY_CHANGES } from './principals/people.ts'
import { ROLE_HELD, ROLE_MAPPED } from './principals/roles-held.ts'
import { SERVER_HAND, SERVER_HAND_KEY } from './principals/server-hands.ts'
import { SESSION, SESSION_OF_PERSON } from './principals/sessions.ts'
import { HEADS, settlePush } from './push.ts'
import { hasTable } from './rows.ts'
import { WEBHOOK_SECRET } from './secrets.ts'
import { RETIRED_TOKEN, SERVER, SERVER_ASLEEP, SERVER_HOLDER, SERVER_WARNED } from './servers.ts'
import { USAGE, USAGE_BY_HOUR } from './usage.ts'

/** Changes nothing: whatever is migrated gets a snapshot of its settings, which rows of earlier versions do not say. */
const settingsInTrail = (): void => {}

/** SQL of one version, or what has to be worked out, in order; version n is migration n - 1. Never changed once released. */
type Migrations = readonly (string | ((sql: SqlStorage) => void))[]

export const accountMigrations: Migrations = [
  ACCOUNT + SERVER,
  LIST_ORDER,
  ACCOUNT_STATUS + RETIRED_TOKEN,
  ACCOUNT_WRITES_STOPPED,
  LEDGER + MOVEMENT,
  AUDIT,
  OUTBOX + SERVER_WARNED,
  LEDGER_FACTS + MOVEMENT_APPROVED,
  DRAFT,
  ACCOUNT_APPROVAL,
  WEBHOOK_SECRET,
  OAUTH_GRANT,
  CALLS_BY_SERVER,
  SERVER_HOLDER + SERVER_HAND + ACCOUNT_REVISION + DRAFT_HANDS + PAYEE_CHANGE + GRANT_OF_PERSON,
  OAUTH_RECORD,
  SERVER_ASLEEP + DRAFT_ONE_PERSON,
  SERVER_HAND_KEY + DRAFT_REASON,
  ACCOUNT_LIMITS,
  canonicalMovements,
  MOVEMENT_BY_SUPPLIER,
  PAYEE,
  LEDGER_LOOKS,
  settleAudit,
  USAGE,
  DRAFT_PAGE,
  settingsInTrail,
  settlePush,
  ENDED_TOKEN,
  MOVEMENT_OUTCOME,
  USAGE_BY_HOUR,
  LEDGER_CHANGE,
  DRAFT_SUBJECT,
  MOVEMENT_NAMED,
]

export const directoryMigrations: Migrations = [
  LISTED_ACCOUNT,
  API_TOKEN,
  DEPLOYMENT,
  AUDIT,
  SESSION,
  PERSON + ROLE_HELD,
  tokensOfPeople,
  SESSION_OF_PERSON + FOUR_EYES,
  OAUTH_CLIENT,
  OUTBOX + SETTINGS_DRAFT + TOKEN_ASLEEP,
  API_TOKEN_ISSUERS + SETTINGS_ASKER_ISSUERS + PERSON_IDENTITY,
  ROLE_MAPPED + OIDC_ROLES_SEEN,
  LISTED_ACCOUNT_ENDING,
  SETTINGS_ASKER_KEY + PERSON_IDENTITY_CHANGES,
  settleAudit,
  DEPLOYMENT_STOP + LISTED_ACCOUNT_STOP,
  LISTED_ACCOUNT_WAITING,
  settingsInTrail,
  settlePush,
  HEADS,
  endedBefore,
]

/** Stored schema version; 0 for an object that has stored nothing. Writes nothing. */
export const schemaVersion = (sql: SqlStorage): number => {
  if (!hasTable(sql, 'schema_version')) return 0
  return sql.exec<{ version: number }>('SELECT version FROM schema_version').one().version
}

/**
 * Applies the migrations that are missing, all or none.
 * @param afterwards done in the same transaction where something was migrated
 * @throws when the stored version is newer than this code: a rolled-back deployment must not touch newer tables
 */
export const migrate = (
  storage: DurableObjectStorage,
  migrations: Migrations,
  afterwards: (sql: SqlStorage, now: number) => void = () => {},
): void => {
  const { sql } = storage
  const stored = schemaVersion(sql)
  if (stored > migrations.length)
    throw new ConfigurationFault(
      `What is stored here was written by a newer version of this product: schema version ${stored} is newer than this code (${migrations.length}). Nothing was changed. Run that version, or a later one.`,
    )
  if (stored === migrations.length) return
  storage.transactionSync(() => {
    if (stored === 0) sql.exec('CREATE TABLE schema_version (version INTEGER NOT NULL)')
    if (stored === 0) sql.exec('INSERT INTO schema_version VALUES (0)')
    for (const migration of migrations.slice(stored))
      if (typeof migration === 'string') sql.exec(migration)
      else migration(sql)
    sql.exec('UPDATE schema_version SET version = ?', migrations.length)
    afterwards(sql, Date.now())
  })
}
