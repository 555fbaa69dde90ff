/** What could be meant by the beginning of an argument: asked of Finexio in one request, for people who type into a prompt. */
import * as z from 'zod'
import { counterparties } from '../../../schemas/counterparties.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { DAY_MS } from '../../core/time.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import type { Completable } from '../contract.ts'
import { readNewest } from '../derived/list.ts'
import type { Row } from '../derived/request.ts'
import type { Role } from '../pasted/parties.ts'
import { present } from '../present/present.ts'
import { defineTool, type Tool, type ToolContext } from '../tool.ts'

/** What can be completed from Finexio, and the tool that must be visible for it. */
const SOURCES: Readonly<Record<Completable, string>> = {
  drawdown: 'list_all_finexio_drawdowns',
  supplier: 'list_all_finexio_counterparties',
  buyer: 'list_all_finexio_counterparties',
}

/** A server whose arguments are fixed completes nothing: what was fixed would not hold here. */
export const canComplete = (
  what: Completable,
  { fixed }: ServerConfig,
  sees: (name: string) => boolean,
): boolean => fixed === undefined && sees(SOURCES[what])

const LONGEST_TYPED = 200
const MOST_VALUES = 50
const RECENT_MS = 90 * DAY_MS

const onePage = (resource: typeof drawdowns, filters: Row, context: ToolContext) =>
  readNewest(resource, filters, { limit: 100, mostPages: 1, startedAt: context.now() }, context)

const startsLike = (typed: string) => (value: string) => value.toLowerCase().startsWith(typed.toLowerCase())

const drawdownIds = async (typed: string, context: ToolContext): Promise<string[]> => {
  const created_start = new Date(context.now() - RECENT_MS).toISOString().slice(0, 10)
  const { rows } = await onePage(drawdowns, { created_start }, context)
  return rows.map((row) => String(present(row).processor_request_id)).filter(startsLike(typed))
}

const names = async (type: Role, typed: string, context: ToolContext): Promise<string[]> => {
  const { rows } = await onePage(counterparties, { type, name: typed }, context)
  return rows.map((row) => String(present(row).name ?? ''))
}

const FINDERS: Readonly<Record<Completable, (typed: string, context: ToolContext) => Promise<string[]>>> = {
  drawdown: drawdownIds,
  supplier: (typed, context) => names('Supplier', typed, context),
  buyer: (typed, context) => names('Buyer', typed, context),
}

const input = z.object({ typed: z.string().max(LONGEST_TYPED) })
const output = z.object({ values: z.array(z.string()), result_count: z.int() })

const define = (what: Completable, resource: string): Tool =>
  defineTool({
    name: 'completion',
    title: 'Completion',
    description: 'Values that an argument could have.',
    resource,
    method: 'complete',
    effect: 'read',
    input,
    output,
    run: async ({ typed }, context) => {
      const found = await FINDERS[what](typed.trim(), context)
      const values = [...new Set(found.filter((value) => value !== ''))].slice(0, MOST_VALUES)
      return { structured: { values, result_count: values.length }, text: values.join('\n') }
    },
  })

/** They run like tools, so that an account's status, its faults and its audit trail apply here too; no client can call them. */
export const completions: Readonly<Record<Completable, Tool>> = {
  drawdown: define('drawdown', 'drawdowns'),
  supplier: define('supplier', 'counterparties'),
  buyer: define('buyer', 'counterparties'),
}
