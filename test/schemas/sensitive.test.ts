import { describe, expect, it } from 'vitest'
import { resources } from '../../schemas/index.ts'
import { isHidden, isMasked, isSensitive } from '../../schemas/sensitive.ts'

/** Written out, so that a declaration which loses its mask is noticed. */
const MASKED_FIELDS = [
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
  'username',
]
const HIDDEN_FIELDS = ['password', 'date_of_birth']
const UNLOGGED_FIELDS = ['check_image_url', 'more_check_image_urls']

const SUSPECT =
  /bank_account_number|routing|tax_id|ssn|passport$|license_number|password|birth|account_number$/

describe('sensitive fields', () => {
  it('cover every field whose name gives it away', () => {
    const fields = resources
      .flatMap(({ methods }) => Object.values(methods))
      .flatMap(({ gives }) => JSON.stringify(Object.keys(gives?.shape ?? {})).match(/[a-z0-9_]+/g) ?? [])
    const suspect = [...new Set(fields)].filter((name) => SUSPECT.test(name))
    expect(suspect.length).toBeGreaterThanOrEqual(9)
    expect(suspect.filter((name) => !isSensitive(name))).toEqual([])
  })

  it.each(MASKED_FIELDS)('%s is masked', (name) => {
    expect([isMasked(name), isHidden(name), isSensitive(name)]).toEqual([true, false, true])
  })

  it.each(HIDDEN_FIELDS)('%s is hidden', (name) => {
    expect([isMasked(name), isHidden(name), isSensitive(name)]).toEqual([false, true, true])
  })

  it.each(['bankAccountNumber', 'Tax_ID', 'SSN'])('%s is recognised in another spelling', (name) => {
    expect(isMasked(name)).toBe(true)
  })

  it.each(['bank_account_last_four', 'name', 'drivers_license_state', ...UNLOGGED_FIELDS])(
    '%s is shown',
    (name) => {
      expect(isSensitive(name)).toBe(false)
    },
  )
})
