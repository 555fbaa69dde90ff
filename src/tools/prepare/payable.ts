/** Whether the suppliers that rows name can be paid at all: their records, which the list of counterparties does not hold. */
import { suppliers } from '../../../schemas/suppliers.ts'
import type { Row } from '../derived/request.ts'
import { isWhole, readWhole } from '../reading/read-list.ts'
import { askForOne, newReading, stopWords } from '../reading/reading.ts'
import { gapsOf, gapWords } from '../reading/supplier-gaps.ts'
import type { ToolContext } from '../tool.ts'

/** Up to this many are read one by one; for more the list of suppliers is read instead. */
const MOST_BY_ID = 6
const MOST_REQUESTS = 12

/** Why the supplier of an id cannot be paid; null: it can. */
export type ProblemOf = (id: string) => string | null

type Payable = {
  problemOf: ProblemOf
  /** Why the reading ended early, in a sentence; null: it did not. */
  stop: string | null
}

const problemIn = (supplier: Row): string | null => {
  const gaps = gapsOf(supplier)
  return gaps.length === 0 ? null : `this supplier cannot be paid now: ${gapWords(gaps)}`
}

const UNREAD = 'whether this supplier can be paid was not read: try this row again'
const UNKNOWN = 'is not among the suppliers of Finexio, so it cannot be said whether it can be paid'

/**
 * @param ids of suppliers, each once
 * @returns what is not known is a problem as well: money waits for a reason to move
 */
export const payable = async (ids: readonly string[], context: ToolContext): Promise<Payable> => {
  const reading = newReading(context, MOST_REQUESTS)
  const problems = new Map<string, string | null>()
  if (ids.length > MOST_BY_ID) {
    const list = await readWhole(reading, suppliers, {})
    const rows = new Map(list.rows.map((row) => [row.id, row]))
    for (const id of ids) {
      const row = rows.get(id)
      problems.set(id, row ? problemIn(row) : isWhole(list) ? UNKNOWN : UNREAD)
    }
  } else {
    await Promise.all(
      ids.map(async (id) => {
        const row = await askForOne(reading, suppliers, { id })
        problems.set(id, row ? problemIn(row) : reading.stopped === null ? UNKNOWN : UNREAD)
      }),
    )
  }
  return {
    problemOf: (id) => (problems.has(id) ? (problems.get(id) ?? null) : UNREAD),
    stop: stopWords(reading),
  }
}
