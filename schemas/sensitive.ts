/** Fields that must not travel in clear, wherever they appear: results, history, logs, errors. */

/** Shown by their last four characters. */
export const MASKED_FIELDS: readonly string[] = [
  'bank_account_number',
  'bank_routing_number',
  'drawdown_bank_account_number',
  'drawdown_bank_routing_number',
  'refund_bank_account_number',
  'refund_bank_routing_number',
  'tax_id',
  'account_number',
  'public_account_number',
  'ssn',
  'passport',
  'drivers_license_number',
]

/** Never shown at all. */
export const HIDDEN_FIELDS: readonly string[] = ['password', 'date_of_birth']

/** Returned to the caller, never logged: whoever has the address may see the image. */
export const UNLOGGED_FIELDS: readonly string[] = ['check_image_url', 'more_check_image_urls']

/** History may spell a field in camel case. */
const plain = (name: string) => name.toLowerCase().replaceAll('_', '')
const masked = new Set(MASKED_FIELDS.map(plain))
const hidden = new Set(HIDDEN_FIELDS.map(plain))

/** Field whose value is masked to its last four characters; spelling in any case, with or without underscores. */
export const isMasked = (name: string): boolean => masked.has(plain(name))

/** Field whose value is never shown. */
export const isHidden = (name: string): boolean => hidden.has(plain(name))

/** Masked or hidden. */
export const isSensitive = (name: string): boolean => isMasked(name) || isHidden(name)
