/** Rows by a number as people know it: as it was given, written differently, nearly, or its end. Pure. */
import { foldNumber, type NumberFit, numberFit } from '../../core/text.ts'
import type { Row } from '../derived/request.ts'

const FITS: readonly NumberFit[] = ['same', 'alike', 'near', 'end']

/** Of rows with such a number those that have it as it was given; else those written differently, else those that look alike on paper, else those whose end it is. */
export const closest = (rows: readonly Row[], number: string | null): { rows: Row[]; fit: NumberFit } => {
  if (number === null) return { rows: [...rows], fit: 'same' }
  const by = Map.groupBy(rows, ({ invoice_number }) => numberFit(invoice_number, number))
  const fit = FITS.find((one) => by.has(one)) ?? 'same'
  return { rows: by.get(fit) ?? [], fit }
}

/** Whether a payment has this number of a check, of a bank's trace, the last digits of a card, or this tracking id. */
export const hasNumber = ({ instrument_number, tracking_id }: Row, number: string): boolean =>
  foldNumber(number) !== '' &&
  [instrument_number, tracking_id].some((own) => foldNumber(own) === foldNumber(number))
