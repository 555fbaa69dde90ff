/** What a record from Finexio looks like to a client: cleaned, secrets masked, amounts readable. */
import { isHidden, isSensitive } from '../../schemas/sensitive.ts'
import { cleanValue } from '../text/clean.ts'
import { decimalOf } from './money.ts'

type Row = Record<string, unknown>

/** All but the last four characters; four or fewer disclose nothing. */
export const masked = (value: unknown): unknown => {
  if (value === null || value === undefined || value === '') return value
  const text = String(value)
  return text.length > 4 ? `****${text.slice(-4)}` : '****'
}

const maskedField = (name: string, value: unknown): unknown => {
  if (isHidden(name)) return value === null || value === undefined || value === '' ? value : '********'
  return isSensitive(name) ? masked(value) : maskedValue(value)
}

/** History names the field beside its values instead of above them. */
const isChange = (value: Row) => typeof value.field === 'string' && ('before' in value || 'after' in value)

const maskedValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskedValue)
  if (typeof value !== 'object' || value === null) return value
  const row = value as Row
  if (isChange(row)) {
    const name = String(row.field)
    return { ...row, before: maskedField(name, row.before), after: maskedField(name, row.after) }
  }
  return Object.fromEntries(Object.entries(row).map(([key, item]) => [key, maskedField(key, item)]))
}

/** `amount_cents` is followed by `amount`, the same money as decimal text in US dollars. */
const withDecimal = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) =>
      key === 'amount_cents'
        ? [
            [key, value],
            ['amount', decimalOf(value)],
          ]
        : [[key, value]],
    ),
  )

/** A record ready for a result: invisible characters gone, bank, tax and identity numbers masked, decimals added. */
export const present = (record: Row): Row => withDecimal(maskedValue(cleanValue(record)) as Row)

/** The same value without nulls, empty strings, empty lists and empty objects, for text. */
export const withoutEmpty = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, withoutEmpty(item)] as const)
      .filter(([, item]) => !isEmpty(item)),
  )
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)
