/** Tools out of declarations: one rule for names, one for input, one for output. */
import * as z from 'zod'
import type { Method, Resource } from '../../../schemas/define.ts'
import { ownArguments } from '../call/arguments.ts'
import { defineTool, type ReadTool, type Tool, type WriteTool } from '../tool.ts'
import { planBatch } from './batch.ts'
import { drawdownOutput, imageOutput, recordOutput, runDrawdown, runGet, runImage } from './get.ts'
import { historyArguments, runHistory } from './history.ts'
import type { ListMethod } from './list-answer.ts'
import { listArguments, listOutput } from './list-columns.ts'
import { runList } from './list-tool.ts'
import { ownFilterArguments } from './own-filters.ts'
import { toolName } from './request.ts'
import { planWebhook, webhookInput } from './webhook-write.ts'
import { BatchReceipt, planWrite, Receipt } from './write.ts'

type Behaviour = {
  more?: z.ZodRawShape
  /** What the tool takes, where that is not what its method takes. */
  takes?: (input: z.ZodObject) => z.ZodObject
  output: z.ZodObject
} & (Pick<ReadTool, 'effect' | 'run'> | Pick<WriteTool, 'effect' | 'plan'>)

const reads = (does: Pick<ReadTool, 'output' | 'run'>) => ({ effect: 'read', ...does }) as const

const writes = ({ effect }: Method, does: Pick<WriteTool, 'output' | 'plan'>): Behaviour => {
  if (effect === 'read') throw new Error('A method that reads has nothing to plan.')
  return { effect, ...does }
}

const webhook = (resource: Resource, method: Method, name: string): Behaviour => ({
  ...writes(method, { output: Receipt, plan: planWebhook(resource, name, method) }),
  takes: webhookInput(method),
})

/** Tools that do more than one plain request. */
const SPECIAL: Record<string, (resource: Resource, method: Method, name: string) => Behaviour> = {
  list_all_finexio_counterparty_history: (resource, method, name) => ({
    ...listing(resource, method as ListMethod, name),
    more: { ...historyArguments, ...listArguments(resource.name, method as ListMethod) },
    run: runHistory(resource, method as ListMethod, name),
  }),
  get_single_finexio_drawdown_by_id: () => reads({ output: drawdownOutput, run: runDrawdown }),
  get_single_finexio_payment_image_by_id: () => reads({ output: imageOutput, run: runImage }),
  finexio_invoices_bulk_create: (resource, method, name) =>
    writes(method, { output: BatchReceipt, plan: planBatch(resource, name, method) }),
  create_a_finexio_webhook: webhook,
  update_a_finexio_webhook_by_id: webhook,
  finexio_webhooks_partial_update: webhook,
}

const listing = (resource: Resource, method: ListMethod, name: string) => ({
  more: { ...ownFilterArguments(resource.name), ...listArguments(resource.name, method) } as z.ZodRawShape,
  ...reads({ output: listOutput(method), run: runList(resource, method, name) }),
})

const behaviourOf = (resource: Resource, method: Method, name: string): Behaviour => {
  const special = SPECIAL[name]
  if (special) return special(resource, method, name)
  if (method.list) return listing(resource, method as ListMethod, name)
  if (method.effect === 'read') return reads({ output: recordOutput(resource), run: runGet(resource) })
  return writes(method, { output: Receipt, plan: planWrite(resource, name, method) })
}

/** Finexio's filter words and the ones that are found by scanning, as one list. */
const withScans = (method: Method, shape: z.ZodRawShape): z.ZodRawShape => {
  const scans = Object.entries(method.list?.scans ?? {}).map(([name, words]) => {
    const declared = shape[name] as z.ZodOptional<z.ZodEnum>
    const all = z.enum([...(declared.unwrap().options as string[]), ...words]).optional()
    return [name, declared.description ? all.describe(declared.description) : all]
  })
  return { ...shape, ...Object.fromEntries(scans) }
}

const bodyShape = (body: Method['body']): z.ZodRawShape => {
  if (!body) return {}
  return body instanceof z.ZodArray ? { body } : body.shape
}

/** One flat object. Throws at build time when two parts share a key: the value would go to both. */
const inputOf = (name: string, method: Method, more: z.ZodRawShape = {}): z.ZodObject => {
  const { page: _page, ...query } = withScans(method, method.query?.shape ?? {})
  const parts = [method.path?.shape ?? {}, query, bodyShape(method.body), more, ownArguments(method.effect)]
  const keys = parts.flatMap((part) => Object.keys(part))
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice) throw new Error(`${name}: argument ${twice} is declared twice`)
  return z.object(Object.assign({}, ...parts) as z.ZodRawShape)
}

const toolOf = (resource: Resource, methodName: string, method: Method): Tool => {
  const name = toolName(resource, methodName)
  const { more, takes = (input) => input, ...behaviour } = behaviourOf(resource, method, name)
  return defineTool({
    name,
    title: method.title,
    description: method.says,
    resource: resource.name,
    method: methodName,
    tags: [...new Set([...resource.tags, ...(method.tags ?? [])])],
    input: takes(inputOf(name, method, more)),
    bodyArguments: Object.keys(bodyShape(method.body)),
    ...behaviour,
  })
}

/**
 * The tools of one resource, one for each of its methods.
 * @throws Error when the module is loaded, where two arguments of a tool have one name
 */
export const toolsOf = (resource: Resource): Tool[] =>
  Object.entries(resource.methods).map(([name, method]) => toolOf(resource, name, method))
