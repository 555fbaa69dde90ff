/** Which payments of a drawdown were refunded: the drawdown does not tell, the payment list does. */
import { payments } from '../../../../schemas/payments.ts'
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, toolName } from '../../derived/request.ts'
import { stampOf } from '../../reading/range.ts'
import { isWhole, readWhole } from '../../reading/read-list.ts'
import type { Reading } from '../../reading/reading.ts'

export type Refunds = {
  /** When each refunded payment went back, by payment id. */
  at: ReadonlyMap<unknown, unknown>
  /** What is not known of refunds; null when all is. */
  note: string | null
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
  if (funded.length === 0) return { at: new Map(), note: null }
  if (!reading.context.sees(toolName(payments, 'list'))) return { at: new Map(), note: HIDDEN }
  const found = await readWhole(reading, payments, { refunded: true, ...aroundOf(drawdown) })
  const refunded = found.rows.filter(({ refund_timestamp }) => refund_timestamp)
  return {
    at: new Map(refunded.map(({ id, refund_timestamp }) => [id, refund_timestamp])),
    note: isWhole(found) && found.unreadable === 0 ? null : SHORT,
  }
}
