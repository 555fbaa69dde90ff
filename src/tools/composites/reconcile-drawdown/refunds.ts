/** Which payments of a drawdown were refunded or reissued: the drawdown does not tell, the payments themselves do. */
import { payments } from '../../../../schemas/payments.ts'
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { isPathId, type Row, toolName, wordOf } from '../../derived/request.ts'
import { reissueWords } from '../../reading/payment-means.ts'
import { stampOf } from '../../reading/range.ts'
import { isWhole, readWhole } from '../../reading/read-list.ts'
import { askForOne, type Reading } from '../../reading/reading.ts'
import { STOPPED } from '../../reading/tally.ts'

export type Refunds = {
  /** When each refunded payment went back, by payment id. */
  at: ReadonlyMap<unknown, unknown>
  /** What is not known of refunds; null when all is. */
  note: string | null
  /** What is known of the reissue of a payment that came back, by its id; null: it was not reissued. Absent: nobody knows. */
  reissues: ReadonlyMap<unknown, string | null>
}

/** Stopped payments that are asked about a reissue, a request each. */
const MOST_STOPPED = 40

const stoppedOnes = async (reading: Reading, funded: readonly Row[]): Promise<Row[]> => {
  if (!reading.context.sees(toolName(payments, 'get'))) return []
  const stopped = funded.filter(({ id, status }) => STOPPED.has(wordOf(status)) && isPathId(id))
  const found = await Promise.all(
    stopped.slice(0, MOST_STOPPED).map(async ({ id }) => {
      const record = await askForOne(reading, payments, { id })
      return record && { ...record, id }
    }),
  )
  return found.filter((record) => record !== null)
}

/** Payments are made with their drawdown; this far apart is allowed. */
const MARGIN_MS = 31 * DAY_MS

const aroundOf = ({ created }: Row) => {
  const at = timeOf(created)
  return at === null ? {} : { created_start: stampOf(at - MARGIN_MS), created_end: stampOf(at + MARGIN_MS) }
}

const HIDDEN =
  'This server shows no payment list: refunds were not looked for, so what is told as stayed may have gone back.'
const SHORT = 'Partial: not all refunds could be read, so what is told as stayed may have gone back.'

/** @param funded payments of the drawdown */
export const refundsOf = async (
  reading: Reading,
  drawdown: Row,
  funded: readonly Row[],
): Promise<Refunds> => {
  if (funded.length === 0) return { at: new Map(), note: null, reissues: new Map() }
  const reissuesOf = (known: readonly Row[]) => new Map(known.map((one) => [one.id, reissueWords(one)]))
  if (!reading.context.sees(toolName(payments, 'list')))
    return { at: new Map(), note: HIDDEN, reissues: reissuesOf(await stoppedOnes(reading, funded)) }
  const found = await readWhole(reading, payments, { refunded: true, ...aroundOf(drawdown) })
  const refunded = found.rows.filter(({ refund_timestamp }) => refund_timestamp)
  return {
    at: new Map(refunded.map(({ id, refund_timestamp }) => [id, refund_timestamp])),
    reissues: reissuesOf([...(await stoppedOnes(reading, funded)), ...refunded]),
    note: isWhole(found) && found.unreadable === 0 ? null : SHORT,
  }
}
