/** Tenants: one per username, made and filled on first use. */

import type { Call, Tenant } from '../wire/call.ts'
import { codeOf, uuidOf } from './chance.ts'
import { MILLISECOND, type Micros, SECOND, startOfDay } from './micros.ts'
import { insertSeeds } from './seeding.ts'
import { type Db, firstRow, rows, TENANT_TABLES } from './tables.ts'

export type TenantRow = Tenant & {
  digest: string
  seeded_on: Micros | null
  clock_offset: Micros
  window_start: Micros
  window_count: number
}

const DEMO = 'demo'

export const findTenant = (db: Db, username: string): TenantRow | null =>
  firstRow<TenantRow>(db, 'SELECT * FROM tenants WHERE username = ?', username)

/** The tenant of a username; made without a password where there is none yet. */
const ensureTenant = (db: Db, username: string): TenantRow => {
  const found = findTenant(db, username)
  if (found) return found
  db.exec(
    'INSERT INTO tenants (username, digest, marker) VALUES (?, ?, ?)',
    username,
    '',
    username === DEMO ? 'DEMO00' : codeOf(`marker/${username}`, 6),
  )
  return findTenant(db, username)!
}

/**
 * The tenant that these credentials open, or null. The first password used with a username becomes its password.
 * @param digest of username and password
 */
export const openTenant = (
  db: Db,
  username: string,
  digest: string,
  demoDigest: string,
): TenantRow | null => {
  if (username === DEMO && digest !== demoDigest) return null
  const found = findTenant(db, username)
  if (found?.digest && found.digest !== digest) return null
  const tenant = found ?? ensureTenant(db, username)
  if (!tenant.digest) db.exec('UPDATE tenants SET digest = ? WHERE id = ?', digest, tenant.id)
  return tenant
}

/** The tenant's virtual time. `wall` is the real one, in milliseconds. */
export const tenantNow = (tenant: TenantRow, wall: number): Micros => wall * MILLISECOND + tenant.clock_offset

/** Fills a tenant with its seeds unless that was done. */
export const seedOnce = (db: Db, tenant: TenantRow, wall: number): void => {
  if (tenant.seeded_on !== null) return
  const day = startOfDay(wall * MILLISECOND)
  insertSeeds(db, tenant, day, wall * MILLISECOND)
  // Without statistics SQLite would rather walk all rows of a tenant than use an index. Tenants are alike: once will do.
  if (!firstRow(db, 'SELECT 1 FROM tenants WHERE seeded_on IS NOT NULL')) db.exec('ANALYZE')
  db.exec('UPDATE tenants SET seeded_on = ? WHERE id = ?', day, tenant.id)
}

/** Moves the clock of one tenant, or of all, forward by whole or fractional seconds. */
export const advanceClock = (db: Db, username: string | null, seconds: number): void => {
  const step = Math.round(seconds * SECOND)
  if (username !== null) ensureTenant(db, username)
  db.exec(
    'UPDATE tenants SET clock_offset = clock_offset + ? WHERE ? IS NULL OR username = ?',
    step,
    username,
    username,
  )
}

/** Forgets a tenant's data (of all tenants without a username); seeds come back on the next request. Passwords stay. */
export const resetTenants = (db: Db, username: string | null): void => {
  const chosen = rows<TenantRow>(
    db,
    'SELECT * FROM tenants WHERE ? IS NULL OR username = ?',
    username,
    username,
  )
  for (const { id } of chosen) {
    for (const table of TENANT_TABLES) db.exec(`DELETE FROM ${table} WHERE tenant = ?`, id)
    db.exec(
      'UPDATE tenants SET seeded_on = NULL, clock_offset = 0, window_start = 0, window_count = 0 WHERE id = ?',
      id,
    )
  }
  for (const table of ['settings', 'faults', 'requests'])
    db.exec(`DELETE FROM ${table} WHERE ? IS NULL OR username = ?`, username, username)
}

/** Fresh ids for records of one kind. */
export const nextIds = (call: Pick<Call, 'db' | 'tenant' | 'now'>, kind: string, count: number): string[] => {
  const { db, tenant, now } = call
  const row = firstRow<{ serial: number }>(
    db,
    'UPDATE tenants SET serial = serial + ? WHERE id = ? RETURNING serial',
    count,
    tenant.id,
  )
  const first = (row?.serial ?? 0) - count
  return Array.from({ length: count }, (_, at) => uuidOf(`${tenant.username}/${kind}/${first + at}/${now}`))
}
