/** Suppliers that may be one: where the same vendor was set up twice, it is paid twice. Pure. */
import { isBlank } from '../../../core/mask.ts'
import { foldName } from '../../../core/text.ts'
import type { Row } from '../../derived/request.ts'

const LEGAL_FORM =
  /[\s,.]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|lp|llp|plc)\.?\s*$/i

/** A number that Finexio hides says nothing of whose it is. */
const isHidden = (value: unknown): boolean => /\*|•|x{4}/i.test(String(value))

const digitsIn = (value: unknown): string =>
  isBlank(value) || isHidden(value) ? '' : String(value).replace(/[^0-9a-z]/gi, '')

/** What no two suppliers have in common by chance. */
const keysOf = ({ name, tax_id, bank_routing_number, bank_account_number }: Row): string[] => {
  const [bare, tax] = [foldName(String(name ?? '').replace(LEGAL_FORM, '')), digitsIn(tax_id)]
  const [bank, account] = [digitsIn(bank_routing_number), digitsIn(bank_account_number)]
  return [
    ...(bare === '' ? [] : [`name ${bare}`]),
    ...(tax === '' ? [] : [`tax ${tax}`]),
    ...(account === '' ? [] : [`bank ${bank} ${account}`]),
  ]
}

/** Ids of suppliers of whom another one has the name, tax id or bank account. @param suppliers all that there are */
export const twinsAmong = (suppliers: readonly Row[]): Set<unknown> => {
  const by = new Map<string, Set<unknown>>()
  for (const supplier of suppliers)
    for (const key of keysOf(supplier)) by.set(key, (by.get(key) ?? new Set()).add(supplier.id))
  return new Set([...by.values()].filter(({ size }) => size > 1).flatMap((ids) => [...ids]))
}
