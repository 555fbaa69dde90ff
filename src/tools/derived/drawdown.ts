/** `get_single_finexio_drawdown_by_id`: two reads, one object. If the second fails the tool fails as a whole. */
import * as z from 'zod'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { readPage } from '../../finexio/pages.ts'
import { present } from '../present/present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { type GetMethod, readOne, recordAnswer, recordOutput } from './get.ts'
import type { ListMethod } from './list-answer.ts'
import { fillPath, readRecords, routeOf } from './request.ts'

const paymentsMethod = drawdownPayments.methods.list as ListMethod

export const drawdownOutput = ({ gives }: GetMethod) =>
  recordOutput(gives).extend({
    payments_count: z.int().nullable(),
    payments_next_page: z.int().nullable().describe('More: list_all_finexio_drawdown_payments.'),
    // Their fields are declared once, by the tool that lists them: every name is paid for in every chat.
    payments: z.array(z.looseObject({})),
    note: z.string().optional(),
  })

/** The drawdown's own fields at the top, then the first page (100) of its payments. */
export const runDrawdown =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
    const drawdown = await readOne(method, args, context)
    const { verb, template } = routeOf(paymentsMethod)
    const path = fillPath(template, { processor_request_id: args.id })
    const reply = await context.finexio.send({ verb, template, path, effect: 'read' })
    const { rows, next, count } = readPage(reply.body)
    const { records, unreadable } = readRecords(paymentsMethod, rows)
    return recordAnswer({
      ...drawdown,
      payments_count: count ?? rows.length,
      payments_next_page: next,
      payments: records.map(present),
      ...(unreadable > 0 && { note: `${unreadable} payments could not be read and are missing.` }),
    })
  }
