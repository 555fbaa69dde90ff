/**
 * What a checked value lacks, in plain words in place of the validator's own ("Too small: expected number to be >=1").
 * Importing this sets them for every schema that has no words of its own.
 */
import * as z from 'zod'
import { cutShort, meantWords } from './text.ts'

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  null: 'null',
}

const typeWords = (type: string): string => TYPES[type] ?? type

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const mistyped = (expected: string, input: unknown): string => {
  if (input === undefined) return `required (${expected})`
  return typeof input === 'number'
    ? `must be ${expected}, not ${input}`
    : `must be ${expected}, not ${typeWords(typeOf(input))}`
}

/** Whether an amount is meant: whoever writes dollars learns how cents are written. */
const isCents = (path: readonly PropertyKey[] = []): boolean => /cents(?:_|$)/.test(String(path.at(-1)))

const UNITS: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
  record: ['entry', 'entries'],
}

const bound = (
  origin: string,
  limit: number | bigint,
  isExact: boolean | undefined,
  word: string,
): string => {
  const amount = limit.toLocaleString('en-US')
  const unit = UNITS[origin]
  const how = isExact ? 'exactly' : word
  return unit ? `must have ${how} ${amount} ${unit[Number(limit) === 1 ? 0 : 1]}` : `must be ${how} ${amount}`
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'an address such as https://example.com',
  date: 'a day such as 2026-03-01',
  datetime: 'a time such as 2026-03-01T00:00:00Z',
  uuid: 'a UUID',
}

const formatWords = (issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string => {
  if (issue.format === 'starts_with') return `must begin with ${JSON.stringify(issue.prefix)}`
  return `must be ${FORMATS[issue.format] ?? 'written differently'}`
}

const LONGEST_LIST = 300
const listed = (names: readonly string[]): string => cutShort(names.join(', '), LONGEST_LIST)

/** Of so many the nearest of what is known is looked for, and of no more items of a list: it costs time, and a reader is helped by the first. */
const MOST_HELPED = 8
const LONGEST_KEY = 100

const isHelpful = (path: readonly PropertyKey[] = []): boolean =>
  path.every((step) => typeof step !== 'number' || step < MOST_HELPED)

/** The nearest of what is known stands beside each: the checked type itself tells what that is. */
const unknownWords = ({
  keys,
  inst,
  path,
}: z.core.$ZodRawIssue<z.core.$ZodIssueUnrecognizedKeys>): string => {
  const known = inst instanceof z.ZodObject ? Object.keys(inst.shape) : []
  const meant = keys.slice(0, MOST_HELPED).map((key) => (isHelpful(path) ? meantWords(key, known) : ''))
  const near = meant.map((words, index) => JSON.stringify(cutShort(keys[index]!, LONGEST_KEY)) + words)
  const more = keys.length > MOST_HELPED ? ` and ${keys.length - MOST_HELPED} more` : ''
  const isHelped = known.length === 0 || meant.every((words) => words !== '')
  return `has what is not known here: ${near.join(', ')}${more}${isHelped ? '' : `; known: ${listed(known)}`}`
}

const valueWords = ({ values, input, path }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidValue>): string => {
  const known = values.map(String)
  const near = typeof input === 'string' && isHelpful(path) ? meantWords(input, known) : ''
  // A bare word would read on: must be changed.
  const allowed = values.length === 1 ? JSON.stringify(values[0]) : `one of ${listed(known)}`
  return input === undefined ? `required (${allowed})` : `must be ${allowed}${near}`
}

type Broken = z.core.$ZodIssue

/** A misspelt key explains why another one is missing. */
const toldOf = (issues: readonly Broken[]): Broken | undefined =>
  issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]

/** Whether what was given is at least of the type of this form, and wrong inside. */
const isInside = ({ code, path }: Broken): boolean => code === 'unrecognized_keys' || path.length > 0

/** What the forms ask for that what was given comes nearest to; the bare sentence where it is of no type of theirs. */
const unionWords = ({ errors }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string => {
  const told = errors.map(toldOf).filter((issue) => issue !== undefined)
  const inside = told.filter(isInside)
  const near = inside.length > 0 ? inside : told.filter(({ code }) => code !== 'invalid_type')
  const said = near.map(({ path, message }) => [...path.map(String), message].join(' '))
  const words = 'is none of the forms that are allowed'
  return said.length === 0 ? words : `${words}: ${[...new Set(said)].join('; or ')}`
}

const words = (issue: z.core.$ZodRawIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return isCents(issue.path) && issue.expected === 'int'
        ? `must be whole cents, such as 1250 for $12.50${issue.input === undefined ? '' : `, not ${typeof issue.input === 'number' ? issue.input : typeWords(typeOf(issue.input))}`}`
        : mistyped(typeWords(issue.expected), issue.input)
    case 'invalid_value':
      return valueWords(issue)
    case 'too_small':
      return bound(issue.origin, issue.minimum, issue.exact, issue.inclusive ? 'at least' : 'more than')
    case 'too_big':
      return bound(issue.origin, issue.maximum, issue.exact, issue.inclusive ? 'at most' : 'less than')
    case 'invalid_format':
      return formatWords(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return unknownWords(issue)
    case 'invalid_key':
      return `has a name that is not allowed: it ${issue.issues.map(({ message }) => message).join('; ')}`
    case 'invalid_union':
      return unionWords(issue)
    default:
      return 'is not allowed'
  }
}

z.config({ localeError: words })

/** What a check found, once each: of a value of the wrong type zod also says its length, measuring a text where a list belongs. */
export const findingsIn = ({ issues }: z.ZodError): z.core.$ZodIssue[] => {
  const place = ({ path }: z.core.$ZodIssue) => JSON.stringify(path)
  const mistyped = new Set(issues.filter(({ code }) => code === 'invalid_type').map(place))
  const isLength = ({ code }: z.core.$ZodIssue) => code === 'too_big' || code === 'too_small'
  return issues.filter((issue) => !isLength(issue) || !mistyped.has(place(issue)))
}
