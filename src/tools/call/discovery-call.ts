/** Runs one call of discovery mode. */

import type { Outcome } from '../../rules/outcome.ts'
import type { ToolOutcome } from '../contract.ts'
import { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'
import { type Discovered, discover } from '../visible/discovery.ts'
import { failed } from './faults.ts'

type Answered = Extract<Discovered, { kind: 'answer' }>

const NO_REQUEST = { requests: 0, status: null, milliseconds: 0, route: null }

const ranWith = (ran: Answered['ran'], outcome: Outcome) => ({
  ...ran,
  outcome,
  upstream: NO_REQUEST,
  reason: null,
})

const answered = ({ structured, ran }: Answered): ToolOutcome => ({
  result: { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured },
  headers: {},
  ran: ranWith(ran, 'succeeded'),
})

const notRun = ({ message, ran, outcome }: Extract<Discovered, { kind: 'refused' }>): ToolOutcome => ({
  result: failed(message),
  headers: {},
  ran: ranWith(ran, outcome),
})

const refused = (name: string, fault: unknown): ToolOutcome => {
  if (!(fault instanceof Refusal)) throw fault
  const ran = { tool: name, resource: 'tools', method: name, effect: 'read' } as const
  return { result: failed(fault.message), headers: {}, ran: ranWith(ran, 'refused') }
}

/** @param run the ordinary path, for the tool inside */
export const discovered = async (
  tools: readonly Tool[],
  name: string,
  args: unknown,
  run: (tool: Tool, args: unknown) => Promise<ToolOutcome>,
): Promise<ToolOutcome> => {
  try {
    const found = discover(tools, name, args)
    if (found.kind === 'refused') return notRun(found)
    return found.kind === 'answer' ? answered(found) : await run(found.tool, found.args)
  } catch (fault) {
    return refused(name, fault)
  }
}
