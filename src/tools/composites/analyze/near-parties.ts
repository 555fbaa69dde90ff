/** Whom a filter may have meant that nothing read is of: offered by name and id, never taken. */
import { counterparties } from '../../../../schemas/counterparties.ts'
import { foldName, quoted } from '../../../core/text.ts'
import { nearWords } from '../../derived/names.ts'
import { folded, type Row, toolName } from '../../derived/request.ts'
import { PARTY } from '../../reading/parties.ts'
import { isWhole, readRecent } from '../../reading/read-list.ts'
import type { Reading } from '../../reading/reading.ts'
import { reachWords } from '../../reading/report.ts'
import type { Asked } from './answer.ts'

/** Pages of names, read only where a filter fits nothing. */
const MOST_PAGES = 8

const SIDES = Object.entries(PARTY) as ['supplier' | 'buyer', string][]

/** Texts by which a supplier or buyer was asked for and that no row has. @param rows all that were read of the period */
const unmet = ({ where, parties }: Asked, rows: readonly Row[]): string[] =>
  SIDES.flatMap(([name, id]) => {
    const asked = [
      ...where.filter(({ column }) => column === name).flatMap(({ is = [] }) => is),
      ...(typeof parties[id] === 'string' ? [parties[id]] : []),
    ]
    return asked.filter(
      (text) =>
        !rows.some((row) => foldName(row[name]) === foldName(text) || folded(row[id]) === folded(text)),
    )
  })

/** @param said what was already said of values that no row has */
export const nearParties = async (
  reading: Reading,
  asked: Asked,
  rows: readonly Row[],
  said: readonly string[],
): Promise<string[]> => {
  const texts = asked.over === 'suppliers' ? [] : [...new Set(unmet(asked, rows))]
  const left = texts.filter((text) => !said.some((one) => one.includes(quoted(text)) && /; near: /.test(one)))
  if (left.length === 0 || !reading.context.sees(toolName(counterparties, 'list'))) return []
  const whole = await readRecent(reading, counterparties, MOST_PAGES)
  const known = whole.rows
  const nobody = isWhole(whole) ? 'Nobody' : `Of ${reachWords(whole, 'counterparty')} none`
  const isKnown = (text: string) =>
    known.some(({ id, name }) => folded(id) === folded(text) || foldName(name) === foldName(text))
  return left.flatMap((text) => {
    const near = isKnown(text) ? '' : nearWords(known, text)
    return near === '' ? [] : [`${nobody} is called ${quoted(text)}: ${near}.`]
  })
}
