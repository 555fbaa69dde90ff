/** Get tools: one record, its fields at the top, as Finexio names them. */
import * as z from 'zod'
import type { Method } from '../../../schemas/define.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { present, withoutEmpty } from '../present/present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { amount } from './list-answer.ts'
import { fillPath, readRecord, routeOf } from './request.ts'

export type GetMethod = Method & { gives: z.ZodObject }

/** The record's own fields, and the decimal form of its amount. */
export const recordOutput = (gives: z.ZodObject): z.ZodObject =>
  'amount_cents' in gives.shape ? z.object({ ...gives.shape, amount }) : gives

const queryOf = (method: Method, args: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(args).filter(
      ([name, value]) => name in (method.query?.shape ?? {}) && value !== undefined,
    ),
  ) as Record<string, string>

/** Asks Finexio for one record. @throws FinexioFailure, also when the answer holds no record */
export const readOne = async (
  method: GetMethod,
  args: Record<string, unknown>,
  { finexio }: Pick<ToolContext, 'finexio'>,
) => {
  const { verb, template } = routeOf(method)
  const path = fillPath(template, args)
  const reply = await finexio.send({
    verb,
    template,
    path,
    query: queryOf(method, args),
    effect: 'read',
  })
  const record = readRecord(method, reply.body)
  if (record) return record
  throw new FinexioFailure({
    kind: 'upstream_fault',
    status: reply.status,
    message: 'Finexio answered with something that is not the record asked for',
    rate: reply.rate,
    sent: true,
  })
}

export const recordAnswer = (record: Record<string, unknown>): ToolAnswer => {
  const structured = present(record)
  return { structured, text: JSON.stringify(withoutEmpty(structured)) }
}

export const runGet =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> =>
    recordAnswer(await readOne(method, args, context))
