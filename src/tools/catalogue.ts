/** Every tool there is, in a fixed order. What a client sees of it is a filter over this list. */
import { resources } from '../../schemas/index.ts'
import { composites } from './composites/index.ts'
import { toolsOf } from './derived/derive.ts'
import { prepareInvoices } from './prepare/tool.ts'
import type { Tool } from './tool.ts'
import { companions } from './writing/companions/index.ts'

export const catalogue: readonly Tool[] = [
  ...resources.flatMap(toolsOf),
  prepareInvoices,
  ...composites,
  ...companions,
]

const byName = new Map(catalogue.map((tool) => [tool.name, tool]))

export const toolNamed = (name: string): Tool | undefined => byName.get(name)
