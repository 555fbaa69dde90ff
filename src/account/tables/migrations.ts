/** The versions of an object's tables, in order, out of the steps that each table's file declares. Append only. */
import {
  ACCOUNT,
  ACCOUNT_APPROVAL,
  ACCOUNT_REVISION,
  ACCOUNT_STATUS,
  ACCOUNT_WRITES_STOPPED,
} from './account.ts'
import { API_TOKEN, tokensOfPeople } from './api-tokens.ts'
import { AUDIT, CALLS_BY_SERVER } from './audit.ts'
import { DEPLOYMENT, FOUR_EYES } from './deployment.ts'
import { DRAFT, DRAFT_HANDS } from './drafts.ts'
import { GRANT_OF_PERSON, OAUTH_GRANT } from './grants.ts'
import { LEDGER, LEDGER_FACTS } from './ledger.ts'
import { LIST_ORDER } from './list-order.ts'
import { LISTED_ACCOUNT } from './listed-accounts.ts'
import { MOVEMENT, MOVEMENT_APPROVED } from './movements.ts'
import { OUTBOX } from './outbox.ts'
import { PAYEE_CHANGE } from './payee-changes.ts'
import { PERSON } from './people.ts'
import { ROLE_HELD } from './roles-held.ts'
import type { Migrations } from './schema.ts'
import { WEBHOOK_SECRET } from './secrets.ts'
import { RETIRED_TOKEN, SERVER, SERVER_HANDS, SERVER_WARNED } from './servers.ts'
import { SESSION, SESSION_OF_PERSON } from './sessions.ts'

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
  SERVER_HANDS + ACCOUNT_REVISION + DRAFT_HANDS + PAYEE_CHANGE + GRANT_OF_PERSON,
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
]
