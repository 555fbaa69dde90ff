/** A tenant with what the seed has none of: shared and repeated numbers, persons who were paid, webhooks. */
import type { Tenant } from '../support/tenant.ts'
import type { Direct, Row } from './facts.ts'

const DAYS_BACK = 3
const HOME = {
  remit_address_1: '12 Quarry Street',
  remit_city: 'Glen Arbor',
  remit_state: 'MI',
  remit_zipcode: '49006',
  remit_country: 'USA',
}
const PERSON = {
  payment_method: 'Check',
  delivery_method: 'Mail',
  payee_type: 'Individual',
  payment_terms: 15,
  ...HOME,
}

const invoice = (invoice_number: string, supplier: string, amount_cents: number) => ({
  invoice_number,
  amount_cents,
  invoice_date: new Date(Date.now() - DAYS_BACK * 86_400_000).toISOString().slice(0, 10),
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: supplier,
  // A payment each.
  payment_group_id: invoice_number,
})

const hook = (url: string, flags: object) => ({
  ...{ event: 'payment.changed', url, username: 'u', password: 'made-up' },
  ...flags,
})

/** @param sandboxUrl where the sandbox is told how payments end */
export const prepare = async (finexio: Direct, { username, sandbox }: Tenant, sandboxUrl: string) => {
  const supplier = async (more: object): Promise<string> =>
    (await finexio.post('/counterparties/suppliers', { ...PERSON, ...more })).id
  const rosalind = await supplier({ name: 'Rosalind Achterberg', external_reference_id: 'VND-2001' })
  const marcus = await supplier({
    ...{ name: 'Marcus Oyelaran Design', external_reference_id: 'VND-2002' },
    tax_id: '00-1234567',
  })
  const sent = [
    invoice('SHARED-77', 'sup_123', 12_300),
    invoice('SHARED-77', 'sup_999', 45_600),
    invoice('TWICE-100', 'sup_999', 98_765),
    invoice('TWICE100', 'sup_999', 98_765),
    invoice('RA-2026-01', rosalind, 78_000),
    invoice('RA-2026-02', rosalind, 41_550),
    invoice('MOD/118', marcus, 45_000),
  ]
  await finexio.post('/invoices/batch/', sent)
  await finexio.post(
    '/webhooks/',
    hook('https://hooks.kestrel.example/finexio', { payment_status: true, invoice_ids: true }),
  )
  await finexio.post(
    '/webhooks/',
    hook('https://erp.juniper-hotels.example/ap/finexio', { all_payment_details: true }),
  )
  // Ended now, so that what is known about them does not follow the clock.
  await sandbox.advance(600)
  const numbers = new Set(sent.map(({ invoice_number }) => invoice_number))
  const { results } = await finexio.get('/payments/')
  const made = results.filter(({ invoices }: Row) =>
    invoices.some((one: Row) => numbers.has(one.invoice_number)),
  )
  for (const { id } of made) {
    const url = `${sandboxUrl}/__sandbox/payments/${id}/outcome?username=${encodeURIComponent(username)}`
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ outcome: 'complete' }),
    })
    if (!response.ok) throw new Error(`outcome of ${id}: ${response.status} ${await response.text()}`)
  }
  if (made.length !== sent.length) throw new Error(`${made.length} of ${sent.length} payments were made`)
}
