/**
 * What a field means for safety, declared beside its type: how its value is shown, and whether changing it can send money somewhere
 * else. Of suppliers, buyers, counterparties and their contacts every writable field does, unless it says `harmless`; one that
 * declares nothing is also masked.
 */
import * as z from 'zod'

/** Kinds of fields that somebody who diverts a payment has to change; the timeline of changes marks them. `unclassified`: not declared yet. */
export const RISK_KINDS = ['bank_account', 'payment_method', 'address', 'email', 'unclassified'] as const
export type Risk = (typeof RISK_KINDS)[number]
/** How changing a field could send money elsewhere. `other`: through a name, a reference and the like; the timeline does not mark these. */
export type PayeeKind = Risk | 'other'

export type Meaning = {
  /** `masked`: the last four characters. `hidden`: never. `unlogged`: returned to the caller, in no log. */
  shown?: 'masked' | 'hidden' | 'unlogged'
  /** For a field of a buyer, supplier, counterparty or contact: where changing it could send money. */
  payee?: PayeeKind | 'harmless'
  /** What stands for a record, a number, a name or a bank: never a word for "no value", never blank unless `emptied`. */
  kind?: Kind
  /** A change may set it to nothing. */
  emptied?: true
  /** A sheet or a search as people paste it, signs that nobody sees included: what is taken from it is checked by itself. */
  pasted?: true
}

/** `id`: of Finexio. `reference`: what the caller's own books call a record. */
export type Kind = 'id' | 'reference' | 'number' | 'name' | 'bank'

const meanings = z.registry<Meaning>()

/** A copy, since types such as `words` are shared by many fields. */
const noted = <Type extends z.ZodType>(type: Type, meaning: Meaning): Type => {
  const copy = z.clone(type, type._zod.def, { parent: true }) as Type
  meanings.add(copy, { ...meaningOf(type), ...meaning })
  return copy
}

/** A copy that means the same as another type. */
export const meaningAs = <Type extends z.ZodType>(like: z.ZodType, type: Type): Type =>
  noted(type, meaningOf(like))

/** What the field stands for. `schemas/fields.ts` makes such types, with their checks. */
export const ofKind = <Type extends z.ZodType>(kind: Kind, type: Type): Type => noted(type, { kind })
/** A change of the record may set the field to nothing, which a dry run then says. */
export const mayBeEmptied = <Type extends z.ZodType>(type: Type): Type => noted(type, { emptied: true })

/** A sheet, checked cell by cell, or words to search for, which are sent nowhere as they are. */
export const pasted = <Type extends z.ZodType>(type: Type): Type => noted(type, { pasted: true })

/** Only the last four characters of the value are shown. */
export const masked = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'masked' })
/** The value is never shown. */
export const hidden = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'hidden' })
/** Returned to the caller and never logged: whoever has the address may see the image. */
export const unlogged = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'unlogged' })

/** Changing the field could send money elsewhere; its value may be shown. */
export const payee = <Type extends z.ZodType>(kind: PayeeKind, type: Type): Type =>
  noted(type, { payee: kind })
/** A bank account or bank number: changing it could send money elsewhere, and its value is masked. */
export const bankNumber = <Type extends z.ZodType>(type: Type): Type => payee('bank_account', masked(type))
/** Changing the field cannot send money elsewhere. */
export const harmless = <Type extends z.ZodType>(type: Type): Type => noted(type, { payee: 'harmless' })

/** What was declared of a type, optional or not; empty where nothing was. */
export const meaningOf = (type: z.ZodType): Meaning => {
  const said = meanings.get(type)
  if (said) return said
  return type instanceof z.ZodOptional || type instanceof z.ZodNullable
    ? meaningOf(type.unwrap() as z.ZodType)
    : {}
}
