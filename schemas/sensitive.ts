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
  // Of a webhook: one half of what opens its receiver.
  'username',
]

/** Never shown at all. */
export const HIDDEN_FIELDS: readonly string[] = ['password', 'date_of_birth']

/** Returned to the caller, never logged: whoever has the address may see the image. */
export const UNLOGGED_FIELDS: readonly string[] = ['check_image_url', 'more_check_image_urls']

export type Sensitivity = 'masked' | 'hidden' | 'plain'

/** History may spell a field in camel case. */
const folded = (name: string) => name.toLowerCase().replaceAll('_', '')
const byFolded = new Map<string, Sensitivity>([
  ...MASKED_FIELDS.map((name) => [folded(name), 'masked'] as const),
  ...HIDDEN_FIELDS.map((name) => [folded(name), 'hidden'] as const),
])

/** Every field of every record asks, and there are few names: answers are kept, metadata keys must not fill memory. */
const MOST_NAMES = 2_000
const known = new Map<string, Sensitivity>()

/** How a field's value is treated; spelling in any case, with or without underscores. */
export const sensitivityOf = (name: string): Sensitivity => {
  const ready = known.get(name)
  if (ready) return ready
  const found = byFolded.get(folded(name)) ?? 'plain'
  if (known.size < MOST_NAMES) known.set(name, found)
  return found
}

/** Field whose value is masked to its last four characters. */
export const isMasked = (name: string): boolean => sensitivityOf(name) === 'masked'

/** Field whose value is never shown. */
export const isHidden = (name: string): boolean => sensitivityOf(name) === 'hidden'

/** Masked or hidden. */
export const isSensitive = (name: string): boolean => sensitivityOf(name) !== 'plain'
