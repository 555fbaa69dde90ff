/** What is missing before a supplier can be paid: Finexio's own rules for a new supplier, asked of one that exists. Pure. */
import { SUPPLIER_DELIVERY_METHODS, SUPPLIER_PAYMENT_METHODS } from '../../../schemas/enums.ts'
import { suppliers } from '../../../schemas/suppliers.ts'
import { isBlank } from '../../core/mask.ts'
import type { Row } from '../derived/request.ts'

type Gap = { field: string; problem: string }

const rules = suppliers.methods.create!.body!

/** Lists and free forms say nothing of how a supplier is paid. */
const BESIDE_THE_POINT: ReadonlySet<string> = new Set(['contacts', 'metadata'])

/** Finexio spells methods in either case; its rules know one. */
const respelled = (words: readonly string[], value: unknown): unknown =>
  words.find((word) => word.toLowerCase() === String(value).toLowerCase()) ?? value

/** The record as a request body that would create this supplier. */
const asSent = (supplier: Row): Row => {
  const given = Object.entries(supplier).filter(
    ([name, value]) => !isBlank(value) && !BESIDE_THE_POINT.has(name),
  )
  const sent: Row = Object.fromEntries(given)
  if ('payment_method' in sent) sent.payment_method = respelled(SUPPLIER_PAYMENT_METHODS, sent.payment_method)
  if ('delivery_method' in sent)
    sent.delivery_method = respelled(SUPPLIER_DELIVERY_METHODS, sent.delivery_method)
  return sent
}

/** A number that Finexio hides is there, and cannot be judged. */
const isHidden = (value: unknown) => typeof value === 'string' && /\*{2}|•|x{4}/i.test(value)

const DISABLED: Gap = { field: 'enabled', problem: 'Finexio has this supplier disabled.' }

/** Whether it would be missed: a telephone number that is too long stops no check. */
const isNeeded = (field: string, { [field]: _, ...without }: Row): boolean =>
  (rules.safeParse(without).error?.issues ?? []).some(({ path }) => path[0] === field)

/** Everything that prevents paying this supplier by its method; empty when it is ready. */
export const gapsOf = (supplier: Row): Gap[] => {
  const sent = asSent(supplier)
  const issues = rules.safeParse(sent).error?.issues ?? []
  const gaps = issues
    .map(({ path, message }) => ({
      field: String(path[0]),
      problem: message,
    }))
    .filter(({ field }) => !isHidden(sent[field]) && isNeeded(field, sent))
    .map((gap) => (isBlank(sent[gap.field]) ? { ...gap, problem: missing(gap.problem) } : gap))
  return supplier.enabled === false ? [DISABLED, ...gaps] : gaps
}

const missing = (problem: string): string =>
  problem.startsWith('This field') ? problem : 'This field is required.'

/** Gaps as sentences, each with its field. */
export const gapWords = (gaps: readonly Gap[]): string =>
  gaps.map(({ field, problem }) => `${field}: ${problem.replace(/\.$/, '')}.`).join(' ')
