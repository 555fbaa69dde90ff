/** Writes a tenant's seed data into the tables. */

import { partyColumns } from '../parties/parties.ts'
import { DAY, type Micros } from './micros.ts'
import { changeRows, touched } from './seeds/changes.ts'
import { moneyRows, type Row } from './seeds/money.ts'
import { type Owner, seedBuyers, seedSuppliers } from './seeds/parties.ts'
import { seedRuns } from './seeds/runs.ts'
import { type Db, insertMany } from './tables.ts'

export type SeedRows = Readonly<Record<'parties' | 'payments' | 'invoices' | 'drawdowns' | 'history', Row[]>>

/**
 * Everything a new tenant holds.
 * @param day first microsecond of the day to which all seeds are relative
 * @param now decides how far young payments have come
 */
export const seedRows = (owner: Owner, tenantId: number, day: Micros, now: Micros): SeedRows => {
  const suppliers = seedSuppliers(owner, day)
  const buyers = seedBuyers(owner, day)
  const history = changeRows(owner, [...buyers, ...suppliers], day)
  const parties = touched([...buyers, ...suppliers], history).map((party) =>
    partyColumns(tenantId, party, party.fields.ineligible_for_cbm === true ? party.created + 30 * DAY : null),
  )
  const money = moneyRows(owner, seedRuns(suppliers, buyers, day), now)
  // Not copied: a tenant has thousands.
  const own = (row: Row): Row => Object.assign(row, { tenant: tenantId })
  return {
    parties,
    payments: money.payments.map(own),
    invoices: money.invoices.map(own),
    drawdowns: money.drawdowns.map(own),
    history: history.map(own),
  }
}

/** Nested values are stored as JSON text. */
const cell = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

export const insertSeeds = (db: Db, tenant: Owner & { id: number }, day: Micros, now: Micros): void => {
  for (const [table, made] of Object.entries(seedRows(tenant, tenant.id, day, now))) {
    const columns = Object.keys(made[0]!)
    insertMany(
      db,
      table,
      columns,
      made.map((row) => columns.map((column) => cell(row[column]))),
    )
  }
}
