/** Rows by a number as people know it: as it was given, written differently, or its end. Pure. */
import { type NumberFit, numberFit } from '../../core/text.ts'
import type { Row } from '../derived/request.ts'

const FITS: readonly NumberFit[] = ['same', 'alike', 'end']

/** Of rows with such a number those that have it as it was given; else those written differently, else those whose end it is. */
export const closest = (rows: readonly Row[], number: string | null): { rows: Row[]; fit: NumberFit } => {
  if (number === null) return { rows: [...rows], fit: 'same' }
  const by = Map.groupBy(rows, ({ invoice_number }) => numberFit(invoice_number, number))
  const fit = FITS.find((one) => by.has(one)) ?? 'same'
  return { rows: by.get(fit) ?? [], fit }
}
