/** `check_finexio_supplier_readiness`: what is missing before suppliers can be paid by their method. */

import * as z from 'zod'
import { id, named, reference } from '../../../../schemas/fields.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { quoted } from '../../../core/text.ts'
import { verb } from '../../../core/words.ts'
import { readOne } from '../../derived/get.ts'
import { holdsName, nearWords } from '../../derived/names.ts'
import { folded, type Row, toolName, withNulls } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { isWhole, readWhole, type Whole } from '../../reading/read-list.ts'
import { failIfStopped, newReading, type Reading, stopWords } from '../../reading/reading.ts'
import {
  counted,
  ending,
  report,
  reported,
  rows,
  scopeWords,
  shownNote,
  tableOf,
} from '../../reading/report.ts'
import { gapsOf, gapWords } from '../../reading/supplier-gaps.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'

const MOST_REQUESTS = 60

const input = z.object({
  id: id.optional().describe('Supplier id.'),
  external_reference_id: reference().optional().describe('Your vendor reference.'),
  name: named().optional().describe('Or part of it.'),
  limit: z.int().min(1).max(200).default(20),
})
type Args = z.infer<typeof input>

const isWanted =
  ({ external_reference_id, name }: Args) =>
  (supplier: Row): boolean =>
    (external_reference_id === undefined ||
      folded(supplier.external_reference_id) === folded(external_reference_id)) &&
    (name === undefined || holdsName(supplier.name, name))

const oneById = async (reading: Reading, wanted: string): Promise<Whole> => {
  const found = await reading.ask(() => readOne(suppliers, { id: wanted }, reading.context))
  return { rows: found ? [found] : [], count: 1, unreadable: 0, next: null, flaw: null }
}

const readSuppliers = async (reading: Reading, args: Args): Promise<Whole> => {
  if (args.id !== undefined && (args.name !== undefined || args.external_reference_id !== undefined))
    throw new Refusal('Give id, or external_reference_id and name, not both.')
  return args.id === undefined ? readWhole(reading, suppliers, {}) : oneById(reading, args.id)
}

type Checked = Row & { ready: boolean }

const checked = (supplier: Row): Checked => {
  const gaps = gapsOf(supplier)
  return {
    id: supplier.id,
    ...withNulls(supplier, ['name', 'external_reference_id', 'payment_method', 'delivery_method']),
    ready: gaps.length === 0,
    missing: gaps.map(({ field }) => field),
    why: gaps.length > 0 ? gapWords(gaps) : null,
  }
}

const headOf = (all: readonly Checked[], whole: Whole, { name }: Args): string => {
  const [only] = all
  const near = only || name === undefined ? '' : nearWords(whole.rows, name)
  if (near) return `No supplier has ${quoted(name)} in its name: ${near}.`
  if (!only && !isWhole(whole)) return 'None of the suppliers read fits.'
  if (!only) return 'No supplier fits; list_all_finexio_suppliers shows those there are.'
  const lacking = all.filter(({ ready }) => !ready).length
  if (all.length > 1)
    return `${lacking} of ${all.length} suppliers ${verb(lacking, 'lacks', 'lack')} something before they can be paid.`
  return only.ready
    ? 'This supplier has what its payment method needs.'
    : 'This supplier cannot be paid by its method yet.'
}

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const whole = await readSuppliers(reading, args)
  if (whole.rows.length === 0) failIfStopped(reading)
  const all = whole.rows
    .filter(isWanted(args))
    .map(checked)
    .sort((a, b) => Number(a.ready) - Number(b.ready))
  const listed = all.slice(0, args.limit).map(present)
  const structured = {
    result: listed,
    result_count: listed.length,
    suppliers_count: all.length,
    not_ready_count: all.filter(({ ready }) => !ready).length,
    ...ending(
      reading,
      { whole, stop: stopWords(reading), noun: 'supplier', means: 'The others were not checked.' },
      [shownNote(listed.length, all.length, 'suppliers, those not ready first,')],
    ),
  }
  // In the text the reasons name the fields already.
  const table = listed.map(({ missing: _, ...row }) => row)
  return report(
    `${scopeWords(whole, null)}${headOf(all, whole, args)}`,
    [tableOf(counted(listed.length, 'supplier'), table)],
    structured,
    context,
  )
}

export const checkReadiness = defineTool({
  name: 'check_finexio_supplier_readiness',
  title: 'Check whether suppliers can be paid',
  description:
    'What is missing before a supplier can be paid by its method: bank fields, address, delivery method, remit e-mail, being enabled. Without arguments: all suppliers.',
  resource: 'suppliers',
  method: 'check_readiness',
  effect: 'read',
  needs: [toolName(suppliers, 'get'), toolName(suppliers, 'list')],
  input,
  output: reported({ result: rows }),
  run,
})
