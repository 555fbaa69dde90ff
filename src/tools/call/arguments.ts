/** Checks the arguments of a call, and words what is wrong with them so that a model can repair it at once. */
import * as z from 'zod'
import type { Effect } from '../../../schemas/define.ts'
import { meaningOf } from '../../../schemas/meaning.ts'
import { isMasked, isSensitive } from '../../../schemas/sensitive.ts'
import { isNoValue } from '../../core/ids.ts'
import { isObject, type JsonObject } from '../../core/json.ts'
import { cleanText, cutShort, nearest, unseenIn } from '../../core/text.ts'
import { findingsIn } from '../../core/validation-words.ts'
import { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'
import { asMeant, unwrapped, withoutExtras } from './as-meant.ts'

const LONGEST_REASON = 200

const KEY = /^[!-~]{8,100}$/

/** Arguments of writes that are ours, not Finexio's: declared beside theirs, taken out before the request is built. */
const OWN = {
  reason: z.string().max(LONGEST_REASON).optional().describe('For the audit log.'),
  idempotency_key: z
    .string()
    .regex(KEY, 'must be 8 to 100 letters, digits or signs without blanks, such as a UUID')
    .refine((key) => !isNoValue(key), 'is a word for "no value": give each write a key of its own')
    .optional()
    .describe('UUID; one per intended write. A repeat with the same key within 7 days is not sent again.'),
  dry_run: z.boolean().optional().describe('true: only say what would be sent.'),
}

/** What every tool of an effect takes besides the arguments of its method. */
export const ownArguments = (effect: Effect): z.ZodRawShape => (effect === 'read' ? {} : OWN)

/** Numbers long enough to be an account, card or tax number, however they are grouped. */
const LONG_NUMBER = /\d(?:[ .-]?\d){5,}/g

/** What may be kept of a reason: it is free text, and people paste bank details into free text. */
const keptReason = (reason: unknown): string | null =>
  typeof reason === 'string' ? cleanText(reason).replace(LONG_NUMBER, '••••').trim() || null : null

type Arguments = Record<string, unknown>

export type Own = {
  reason: string | null
  /** Null: the caller gave none. */
  key: string | null
  dryRun: boolean
  /** What is left for the method. */
  args: Arguments
}

/** With what the operator fixed put in, separates our arguments from those of the method. @throws Refusal */
export const takeOwn = ({ effect, fill }: Pick<Tool, 'effect' | 'fill'>, checked: Arguments): Own => {
  const given = fill ? fill(checked) : checked
  if (effect === 'read') return { reason: null, key: null, dryRun: false, args: given }
  const { reason, idempotency_key, dry_run, ...args } = given
  const key = typeof idempotency_key === 'string' ? idempotency_key : null
  return { reason: keptReason(reason), key, dryRun: dry_run === true, args }
}

/**
 * The key of a write: the argument, or the header of its HTTP request where there is none.
 * @throws Refusal where both differ, or the header holds no key
 */
export const keyOf = (tool: string, argument: string | null, header: string | null): string | null => {
  if (header === null || header === argument) return argument
  if (argument !== null)
    throw new Refusal(
      `${tool}: idempotency_key and the header Idempotency-Key differ: which one is meant? Give one of them, or both alike.`,
    )
  const parsed = OWN.idempotency_key.safeParse(header)
  if (parsed.success) return header
  throw new Refusal(`${tool}: the header Idempotency-Key ${parsed.error.issues[0]!.message}.`)
}

/** Problems of one kind that are told, and that are looked for: their number says no more beyond that, and each costs time. */
const [MOST_PROBLEMS, MOST_FOUND] = [8, 1_000]
const MOST_LETTERS = 400

type Path = readonly (string | number | symbol)[]

/** `["body", 3, "amount_cents"]` → `body[3].amount_cents`. */
const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step),
    '',
  )

const short = (text: string) => cutShort(text, MOST_LETTERS)
const quoted = (text: string) => JSON.stringify(cutShort(text, 60))

type Unknown = { key: string; shape: z.ZodRawShape; path: Path }

const unknownWords = ({ key, shape, path }: Unknown): string => {
  const known = Object.keys(shape)
  const near = nearest(key, known)
  const place = path.length ? ` in ${pathText(path)}` : ''
  const advice = near ? `did you mean ${quoted(near)}?` : `known: ${known.join(', ') || 'none'}.`
  return `unknown argument ${quoted(key)}${place}: ${advice}`
}

/** Arguments that the tool does not have, at any depth: a misspelt field must not be lost in silence. */
function* unknownArguments(declared: unknown, value: unknown, path: Path): Generator<Unknown> {
  const type = unwrapped(declared)
  if (type instanceof z.ZodArray && Array.isArray(value))
    for (const [index, item] of value.entries()) yield* unknownArguments(type.element, item, [...path, index])
  if (!(type instanceof z.ZodObject) || !isObject(value)) return
  for (const key of Object.keys(value))
    if (!Object.hasOwn(type.shape, key)) yield { key, shape: type.shape, path }
  for (const [key, inner] of Object.entries(type.shape))
    if (Object.hasOwn(value, key)) yield* unknownArguments(inner, value[key], [...path, key])
}

/** `****6789`, `•••• 4321`, `********`; with crosses only digits may follow, as in `XXX-XX-6789`. */
const MASKED = /^(?:[*•●]{2,}\S{0,8}|[xX]{2,}\d{0,5})$/
const MARKS = /[*•●]{2}/

/** Passwords may hold marks; numbers, names and the like do not. */
const looksMasked = (field: string, value: string): boolean =>
  MASKED.test(value.replaceAll(/[\s.-]/g, '')) || (isMasked(field) && MARKS.test(value))

/** Whether what stands there may be left out: never an item of a list. */
const mayBeLeftOut = (declared: unknown, [step, ...rest]: Path): boolean => {
  const type = unwrapped(declared)
  if (type instanceof z.ZodArray && typeof step === 'number') return mayBeLeftOut(type.element, rest)
  if (!(type instanceof z.ZodObject) || typeof step !== 'string') return false
  const field = type.shape[step]
  return rest.length > 0 ? mayBeLeftOut(field, rest) : field instanceof z.ZodType && field.isOptional()
}

/** Results show bank and tax numbers masked; such a text written back would replace the real number. */
function* maskedArguments(input: z.ZodObject, value: unknown, path: Path): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    if (typeof item === 'string' && isSensitive(key) && looksMasked(key, item))
      yield `${pathText(here)}: this is a masked value; give the full one${mayBeLeftOut(input, here) ? ' or leave the argument out' : ''}`
    else yield* maskedArguments(input, item, here)
  }
}

const MOST_SIGNS = 3

/** What is shown to a person must be what is sent: what would be left out there is refused. @param path where the value stands */
export function* unseenProblems(value: unknown, path: Path = []): Generator<ValueProblem> {
  if (typeof value === 'string') {
    const signs = [...new Set(unseenIn(value))]
    if (signs.length === 0) return
    const named = `${signs.slice(0, MOST_SIGNS).join(', ')}${signs.length > MOST_SIGNS ? ', …' : ''}`
    yield [
      pathText(path) || 'arguments',
      `holds what nobody sees or what turns the direction of reading (${named}): give it without`,
    ]
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value)) yield* unseenProblems(key, path)
    yield* unseenProblems(item, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

const unseenArguments = (input: z.ZodObject, given: JsonObject): Generator<ValueProblem> => {
  const checked = Object.entries(given).filter(([name]) => !meaningOf(input.shape[name]!).pasted)
  return unseenProblems(Object.fromEntries(checked))
}

/** What is wrong with one value: in which field, and what is allowed there. */
export type ValueProblem = readonly [field: string, problem: string]

/** Advice to leave a field out is given only where that is allowed. */
const problemOf =
  (type: z.ZodType) =>
  (issue: z.core.$ZodIssue): ValueProblem => {
    const otherwise = issue.code === 'custom' ? issue.params?.otherwise : undefined
    const advice = typeof otherwise === 'string' && mayBeLeftOut(type, issue.path) ? otherwise : ''
    return [pathText(issue.path) || 'arguments', short(issue.message + advice)]
  }

const worded = (type: z.ZodType) => (issue: z.core.$ZodIssue) => problemOf(type)(issue).join(': ')

/** Every rule of a type that a value breaks. */
export const problemsIn = (type: z.ZodType, value: unknown): ValueProblem[] => {
  const parsed = type.safeParse(value)
  return parsed.success ? [] : findingsIn(parsed.error).map(problemOf(type))
}

/** Throws a Refusal that lists every problem of one kind, unknown arguments first. @param worded asked of those alone that are shown: near names cost time */
const refuse = <Problem>(tool: string, problems: Iterable<Problem>, worded: (problem: Problem) => string) => {
  const found: Problem[] = []
  for (const problem of problems) if (found.push(problem) > MOST_FOUND) break
  if (found.length === 0) return
  const shown = found.slice(0, MOST_PROBLEMS).map(worded).join('; ')
  const counted = Math.min(found.length, MOST_FOUND)
  const more = `${counted < found.length ? 'more than ' : ''}${counted - MOST_PROBLEMS}`
  const all = counted > MOST_PROBLEMS ? `${shown}; and ${more} more` : shown
  throw new Refusal(`${tool}: ${all}.`.replace(/([.?!])\.$/, '$1'))
}
const asTold = (problem: string | ValueProblem) =>
  typeof problem === 'string' ? problem : problem.join(': ')

/** Making a schema costs more than checking by it. */
const ANY_OBJECT = z.looseObject({})

/**
 * The checked arguments of a call.
 * @param tool name, for the message
 * @param input what the tool takes
 * @param raw arguments as they came
 * @throws Refusal naming the argument, what is allowed and the nearest spelling
 */
export const checkArguments = (tool: string, input: z.ZodObject, raw: unknown): Record<string, unknown> => {
  const sent = asMeant(ANY_OBJECT, raw ?? {})
  if (!isObject(sent)) throw new Refusal(`${tool}: arguments must be an object.`)
  const given = asMeant(input, withoutExtras(input, sent)) as JsonObject
  refuse(tool, unknownArguments(input, given, []), unknownWords)
  refuse(tool, maskedArguments(input, given, []), asTold)
  refuse(tool, unseenArguments(input, given), asTold)
  const parsed = input.safeParse(given)
  if (!parsed.success) refuse(tool, findingsIn(parsed.error), worded(input))
  return parsed.data as Record<string, unknown>
}

/** Checks a part that has rules across fields (a bank account for ACH, an address for checks). */
export const checkRules = (tool: string, type: z.ZodType, value: unknown): unknown => {
  const parsed = type.safeParse(value)
  if (!parsed.success) refuse(tool, findingsIn(parsed.error), worded(type))
  return parsed.data
}
