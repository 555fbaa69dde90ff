/** The settings that an object stores, as the trail speaks of them: key by key, masked, without a secret. */
import { isDeclared, sensitivityOf } from '../../../schemas/sensitive.ts'
import { masked, withoutNumbers } from '../../core/mask.ts'
import { cleanText, WITHHELD } from '../../core/text.ts'
import type { Target, Values } from '../../rules/history/changes.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { selectAccount } from '../tables/account.ts'
import { selectDeployment, selectMappings } from '../tables/deployment.ts'
import { listedName } from '../tables/listed-accounts.ts'
import { selectApiToken } from '../tables/principals/api-tokens.ts'
import { selectPerson } from '../tables/principals/people.ts'
import { hasTable } from '../tables/rows.ts'
import { selectSecrets } from '../tables/secrets.ts'
import { selectServer } from '../tables/servers.ts'

type Every = Target & { values: Values }

/** Whether it has ended is for whoever reads to say. */
const EVER = Number.NEGATIVE_INFINITY

const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** What is not set is left out. */
const set = (values: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined))

const maskedScalar = (name: string, value: unknown): unknown => {
  const sensitivity = sensitivityOf(name)
  if (value === null || typeof value === 'boolean') return value
  if (sensitivity !== 'plain') return sensitivity === 'hidden' ? WITHHELD : masked(value)
  const text = isDeclared(name) ? String(value) : withoutNumbers(String(value))
  return typeof value === 'number' && text === String(value) ? value : cleanText(text)
}

/** A fixed argument may hold a bank number: its name decides, of a pointer the last segment. */
const maskedFixed = (fixed: ServerConfig['fixed']) =>
  fixed &&
  Object.fromEntries(
    Object.entries(fixed).map(([tool, entries]) => [
      tool,
      Object.fromEntries(
        Object.entries(entries).map(([pointer, value]) => {
          const name = pointer.split('/').findLast((part) => !/^\d*$/.test(part)) ?? pointer
          const hide = (one: unknown) => maskedScalar(name, one)
          return [pointer, Array.isArray(value) ? value.map(hide) : hide(value)]
        }),
      ),
    ]),
  )

/**
 * One setting as whoever agrees to its change is shown it, and as the trail keeps it. Amounts and ids of payees stay whole: they are
 * what has to be judged.
 */
export const shownSetting = (key: string, value: unknown): unknown => {
  if (key === 'fixed') return maskedFixed((value ?? undefined) as ServerConfig['fixed']) ?? null
  return key === 'credentials.username' && typeof value === 'string' ? withoutNumbers(value) : value
}

const ofAccount = (sql: SqlStorage): Values | null => {
  const account = selectAccount(sql)
  if (!account) return null
  const { name, base_url, read_only, writes_stopped, approval, payees, limits } = account
  const { audit_retention_days, audit_max_mb } = account
  return set({
    ...{ name, base_url, read_only, writes_stopped, approval, payees, audit_retention_days, audit_max_mb },
    limits: Object.keys(limits).length > 0 ? limits : null,
  })
}

const ofServer = (sql: SqlStorage, id: string): Values | null => {
  const server = selectServer(sql, id, EVER)
  if (!server) return null
  const { name, config, expires_at, holder, asleep } = server
  const fixed = maskedFixed(config.fixed)
  return set({ name, ...config, ...(fixed && { fixed }), expires_at: isoOf(expires_at), holder, asleep })
}

const ofPerson = (sql: SqlStorage, id: string): Values | null => {
  const person = selectPerson(sql, id)
  if (!person) return null
  const { kind, name, email, issuer, subject, grants, mapped_grants, mapped_until, disabled_at } = person
  const some = (list: readonly string[]) => (list.length > 0 ? list : null)
  return set({
    ...{ kind, name, email, issuer, subject, grants: some(grants), mapped_grants: some(mapped_grants) },
    ...{ mapped_until: isoOf(mapped_until), disabled: disabled_at !== null },
  })
}

const ofToken = (sql: SqlStorage, id: string): Values | null => {
  const token = selectApiToken(sql, id, EVER)
  if (!token) return null
  const { holder, grants, expires_at, asleep, issuers } = token
  return set({
    holder,
    grants,
    expires_at: isoOf(expires_at),
    asleep,
    issuers: issuers.length > 0 ? issuers : null,
  })
}

const ofDeployment = (sql: SqlStorage): Values =>
  (({ writes_stopped, second_person_for_settings, one_person }) =>
    set({ writes_stopped, second_person_for_settings, one_person, oidc_roles: selectMappings(sql).counts }))(
    selectDeployment(sql),
  )

/** Settings of one target as they are stored now; null where there is none. */
export const valuesOf = (sql: SqlStorage, { kind, id }: Target): Values | null => {
  switch (kind) {
    case 'integrated_account':
      // The directory lists accounts by a table of the same name.
      if (!hasTable(sql, 'account')) return null
      if (!isDirectory(sql)) return ofAccount(sql)
      return listedName(sql, id)
    case 'mcp_server':
      return ofServer(sql, id)
    case 'secret': {
      const secret = selectSecrets(sql).find(({ name }) => name === id)
      return secret ? { allowed_hosts: secret.allowed_hosts } : null
    }
    case 'person':
      return ofPerson(sql, id)
    case 'api_token':
      return ofToken(sql, id)
    case 'deployment':
      return ofDeployment(sql)
  }
}

const isDirectory = (sql: SqlStorage): boolean => hasTable(sql, 'deployment')

const ids = (sql: SqlStorage, query: string): string[] =>
  sql
    .exec<{ id: string }>(query)
    .toArray()
    .map(({ id }) => id)

export const DEPLOYMENT: Target = { kind: 'deployment', id: 'deployment' }

const targetsIn = (sql: SqlStorage): Target[] => {
  const of = (kind: Target['kind'], query: string) => ids(sql, query).map((id): Target => ({ kind, id }))
  const accounts = of('integrated_account', 'SELECT id FROM account ORDER BY created_at')
  if (isDirectory(sql))
    return [
      DEPLOYMENT,
      ...accounts,
      ...of('person', 'SELECT id FROM person ORDER BY seq'),
      ...of('api_token', 'SELECT id FROM api_token ORDER BY seq'),
    ]
  return [
    ...accounts,
    ...of('mcp_server', 'SELECT id FROM server ORDER BY seq'),
    ...of('secret', 'SELECT name AS id FROM webhook_secret ORDER BY name'),
  ]
}

/** Everything that an object holds settings of. */
export const allSettings = (sql: SqlStorage): Every[] =>
  targetsIn(sql).flatMap((target) => {
    const values = valuesOf(sql, target)
    return values ? [{ ...target, values }] : []
  })
