/** What Finexio's subjects and methods are called in plain words: declared here once, for the form and for what a server may do. Pure. */

/** By resource and tag. */
export const SUBJECTS: Readonly<Record<string, string>> = {
  buyer_contacts: 'contacts of buyers',
  buyers: 'buyers',
  counterparties: 'suppliers and buyers',
  counterparty_history: 'the history of suppliers and buyers',
  drawdown_payments: 'payments within drawdowns',
  drawdowns: 'drawdowns',
  invoices: 'invoices',
  payment_images: 'images of checks',
  payments: 'payments',
  supplier_contacts: 'contacts of suppliers',
  suppliers: 'suppliers',
  webhooks: 'webhooks',
}

/** By method; the groups are `read`, `write` and `custom`. */
export const METHODS: Readonly<Record<string, string>> = {
  analyze: 'sums and questions over payments and invoices',
  audit: 'who changed suppliers and buyers',
  bulk_create: 'submit invoices',
  cancel_draft: 'withdraw what waits for a person',
  check_readiness: 'whether suppliers can be paid',
  create: 'add a record',
  delete: 'remove a record',
  fetch: 'open what a search found',
  find_duplicates: 'invoices that may be there twice',
  get: 'look at one record',
  get_approval: 'what became of what waits',
  list: 'look through lists',
  match: 'bank lines beside drawdowns',
  partial_update: 'change some fields of a record',
  prepare: 'make invoices ready from a sheet',
  reconcile: 'what a drawdown paid',
  reconcile_statement: 'a supplier’s statement, line by line',
  remittance: 'remittance advice',
  resolve: 'what became of a write',
  search: 'search',
  trace: 'where an invoice stands',
  update: 'replace a record',
}

/** Words for resources; counterparties are suppliers and buyers, who then need no mention of their own. */
export const subjectsIn = (resources: readonly string[]): string[] => {
  const covered = resources.includes('counterparties') ? ['suppliers', 'buyers'] : []
  return resources.filter((name) => !covered.includes(name)).map((name) => SUBJECTS[name] ?? name)
}
