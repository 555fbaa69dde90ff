/** Looks up by name what a field means for safety, for results, history, logs and errors. Derived from the declarations. */
import * as z from 'zod'
import type { Resource } from './define.ts'
import { resources } from './index.ts'
import { type Meaning, meaningOf, type PayeeKind } from './meaning.ts'
import { declaredOf } from './readable.ts'

export type Sensitivity = 'masked' | 'hidden' | 'plain'

type Declared = readonly [name: string, type: z.ZodType]

const inside = (type: z.ZodType): Declared[] => {
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable)
    return inside(type.unwrap() as z.ZodType)
  if (type instanceof z.ZodArray) return inside(type.element as z.ZodType)
  return type instanceof z.ZodObject ? declaredIn(type.shape) : []
}

/** Fields of a record and of the records in it. */
const declaredIn = (fields: z.ZodRawShape): Declared[] =>
  Object.entries(fields).flatMap(([name, type]) => [
    [name, type as z.ZodType] as const,
    ...inside(type as z.ZodType),
  ])

/** The record of a resource as Finexio declares it; where its methods answer differently, all their fields. */
const recordOf = ({ methods }: Resource): z.ZodRawShape =>
  Object.assign({}, ...Object.values(methods).map(({ gives }) => (gives && declaredOf(gives)) ?? {}))

/** What a caller may set, at the top of a request. */
const bodyOf = ({ methods }: Resource): z.ZodRawShape =>
  Object.assign(
    {},
    ...Object.values(methods).map(({ body }) => (body instanceof z.ZodObject ? body.shape : {})),
  )

/** Names of the fields that a caller may set, at the top of a request. */
export const writableFields = (resource: Resource): string[] => Object.keys(bodyOf(resource))

/** Writable fields at every depth, with the types that the record declares; null: it declares none. */
const writableIn = (resource: Resource): (readonly [name: string, type: z.ZodType | null])[] => {
  const record = recordOf(resource) as Record<string, z.ZodType | undefined>
  return Object.entries(bodyOf(resource)).flatMap(([name, body]) => {
    const type = record[name] ?? null
    const nested = new Map(type ? inside(type) : [])
    return [
      [name, type] as const,
      ...inside(body as z.ZodType).map(([inner]) => [inner, nested.get(inner) ?? null] as const),
    ]
  })
}

/** Those who are paid, those who pay, and their contacts: what is set on them decides where money goes. */
export const isParty = ({ tags, methods }: Resource): boolean =>
  tags.includes('counterparties') && Object.values(methods).some(({ effect }) => effect !== 'read')

/** History may spell a field in camel case. */
const folded = (name: string) => name.toLowerCase().replaceAll('_', '')

/** For names that no file declares: the kind that the name suggests. */
const LIKELY: readonly (readonly [RegExp, PayeeKind])[] = [
  [/bankaccount|bankrouting/, 'bank_account'],
  [/^(payment|delivery|funding)method$/, 'payment_method'],
  [/email/, 'email'],
  [/address|^(remit|corporate)?(city|state|zip|zipcode|country)$|^careof$/, 'address'],
]

/** For names that no file declares: those that suggest a bank account, card, tax or identity number. */
const LIKELY_NUMBER =
  /bankaccount|bankrouting|(account|routing|card|license|passport|identification)(no|num|number)$|iban$|^swift|^bic$|taxid|ssn$|socialsecurity/

export type FieldMeanings = {
  /** How a field's value is treated; spelling in any case, with or without underscores. */
  sensitivityOf(name: string): Sensitivity
  /** How changing a field of a party could send money elsewhere; null: it cannot. An undeclared field is assumed to. */
  payeeKindOf(name: string): PayeeKind | null
  isDeclared(name: string): boolean
}

/** A list of contacts or owners counts as a payee field because its fields do; how they are shown is declared on each of them. */
const ownMeaning = (type: z.ZodType): Meaning =>
  inside(type).length > 0 ? { payee: 'other', ...meaningOf(type) } : meaningOf(type)

/** Its declaration says neither how it is shown nor where it leads money. */
const isUnclassified = (meaning: Meaning): boolean =>
  meaning.payee === undefined && meaning.shown === undefined

/** @param all the resources whose declarations count */
export const fieldMeanings = (all: readonly Resource[]): FieldMeanings => {
  const shown = new Map<string, Sensitivity>()
  const payees = new Map<string, PayeeKind | null>()
  const declared = new Set<string>()
  const learn = (name: string, meaning: Meaning, leadsMoney: boolean) => {
    const key = folded(name)
    declared.add(key)
    if (meaning.shown === 'masked' || meaning.shown === 'hidden') shown.set(key, meaning.shown)
    if (!leadsMoney) return
    if (isUnclassified(meaning)) shown.set(key, 'masked')
    if (meaning.payee !== 'harmless') payees.set(key, meaning.payee ?? 'unclassified')
    else if (!payees.has(key)) payees.set(key, null)
  }
  for (const resource of all) {
    for (const [name, type] of declaredIn(recordOf(resource))) learn(name, meaningOf(type), false)
    if (isParty(resource))
      for (const [name, type] of writableIn(resource)) learn(name, type ? ownMeaning(type) : {}, true)
  }
  // What a record has and nobody can set leads no money anywhere.
  for (const name of all.filter(isParty).flatMap((resource) => Object.keys(recordOf(resource))))
    if (!payees.has(folded(name))) payees.set(folded(name), null)
  return {
    isDeclared: (name) => declared.has(folded(name)),
    sensitivityOf: (name) => {
      const key = folded(name)
      return shown.get(key) ?? (!declared.has(key) && LIKELY_NUMBER.test(key) ? 'masked' : 'plain')
    },
    payeeKindOf: (name) => {
      const key = folded(name)
      const known = payees.get(key)
      return known !== undefined
        ? known
        : (LIKELY.find(([pattern]) => pattern.test(key))?.[1] ?? 'unclassified')
    },
  }
}

const ours = fieldMeanings(resources)

/** Asked for every field of every record, so results are kept; the cap is for metadata keys, whose number has no limit. */
const MOST_NAMES = 2_000
const known = new Map<string, Sensitivity>()

/** How the value of a field is treated, by its name in any spelling. */
export const sensitivityOf: FieldMeanings['sensitivityOf'] = (name) => {
  const ready = known.get(name)
  if (ready) return ready
  const found = ours.sensitivityOf(name)
  if (known.size < MOST_NAMES) known.set(name, found)
  return found
}

export const { payeeKindOf, isDeclared } = ours

/** Field whose value is masked to its last four characters. */
export const isMasked = (name: string): boolean => sensitivityOf(name) === 'masked'

/** Field whose value is never shown. */
export const isHidden = (name: string): boolean => sensitivityOf(name) === 'hidden'

/** Masked or hidden. */
export const isSensitive = (name: string): boolean => sensitivityOf(name) !== 'plain'
