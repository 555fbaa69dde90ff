/** Which rule refused a call, for the trail: of arguments that do not fit also which, and what is wrong with them. */
import * as z from 'zod'
import type { RefusalCode, RefusedBy } from '../../rules/sentences/refused-by.ts'
import { whyRefused } from '../../rules/sentences/why-refused.ts'
import type { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'
import { unwrapped } from './as-meant.ts'

/** Names of what a type declares, at any depth. */
const namesIn = (declared: unknown, names: Set<string>): Set<string> => {
  const type = unwrapped(declared)
  if (type instanceof z.ZodArray) return namesIn(type.element, names)
  if (type instanceof z.ZodObject)
    for (const [name, inner] of Object.entries(type.shape)) namesIn(inner, names.add(name))
  return names
}

/** Rules that say too little by themselves. */
const WITH_WHY: ReadonlySet<string> = new Set<RefusalCode>(['not_possible', 'not_shown', 'unread'])

/** @param raw arguments as they came */
export const ruleOf = (
  { rule, message }: Pick<Refusal, 'rule' | 'message'>,
  { name, input }: Pick<Tool, 'name' | 'input'>,
  raw: unknown,
): RefusedBy => {
  if (!WITH_WHY.has(rule.code)) return rule
  const said = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message
  const why = whyRefused(said, namesIn(input, new Set()), raw)
  return why === '' ? rule : { ...rule, facts: { ...rule.facts, why } }
}
