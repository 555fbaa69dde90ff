/** Finexio's closed word lists. Answers may hold other words; they are kept as they came. */

/** 59 US states, territories and armed-forces codes, then 13 Canadian provinces and territories. */
export const STATE_CODES = [
  ...['AL', 'AK', 'AS', 'AZ', 'AR', 'AA', 'AE', 'AP', 'CA', 'CO', 'CT', 'DE', 'DC', 'FL', 'GA', 'GU'],
  ...['HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN', 'MS', 'MO', 'MT'],
  ...['NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'MP', 'OH', 'OK', 'OR', 'PA', 'PR', 'RI', 'SC'],
  ...['SD', 'TN', 'TX', 'UT', 'VT', 'VI', 'VA', 'WA', 'WV', 'WI', 'WY'],
  ...['AB', 'BC', 'MB', 'NB', 'NL', 'NT', 'NS', 'NU', 'ON', 'PE', 'QC', 'SK', 'YT'],
] as const
export const COUNTRY_CODES = ['CAN', 'UMI', 'USA'] as const
export const OWNER_COUNTRY_CODES = ['USA', 'CAN'] as const

/** `business_type` of a counterparty, `payee_type` of a supplier. */
export const PAYEE_TYPES = [
  'Employee',
  'Business',
  'Individual',
  'InternalTransfer',
  'Student',
  'BankingInstitution',
  'Insurance',
  'Government',
  'Unknown',
] as const
export const COUNTERPARTY_TYPES = ['Buyer', 'Supplier'] as const
export const COUNTERPARTY_PAYMENT_METHODS = ['ACH', 'Card', 'PrintedCheck', 'Wire'] as const
export const SUPPLIER_PAYMENT_METHODS = ['ACH', 'Card', 'Check', 'Wire'] as const
export const SUPPLIER_DELIVERY_METHODS = ['Mail', 'Email', 'Portal', 'Phone'] as const
export const SUPPLIER_NOTIFICATION_METHODS = ['Mail', 'Email'] as const
export const BUYER_FUNDING_METHODS = ['ach_debit', 'ach_credit', 'wire', 'reverse_wire'] as const

export const INVOICE_STATUSES = ['pending', 'in-progress', 'sent', 'complete', 'failed', 'canceled'] as const
export const PAYMENT_STATUSES = ['pending', 'in-progress', 'settled', 'canceled'] as const
export const PAYMENT_STATUS_FILTER = ['pending', 'in-progress', 'settled'] as const
export const PAYMENT_TYPES = ['check', 'ach', 'card', 'wire'] as const
export const PAYMENT_DELIVERY_METHODS = ['email', 'mail', 'phone'] as const
export const CHECK_IMAGE_TYPES = ['Issued', 'Deposited'] as const

export const DRAWDOWN_STATUSES = ['requested', 'received', 'error', 'canceled'] as const
export const DRAWDOWN_STATUS_FILTER = ['requested', 'received', 'error'] as const
export const HISTORY_ACTIONS = ['Create', 'Update', 'Delete', 'Invitation'] as const
/** Events that Finexio documents. */
export const WEBHOOK_EVENTS = ['payment.changed'] as const
export const WEBHOOK_CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const
