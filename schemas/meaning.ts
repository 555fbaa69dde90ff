/**
 * What a field means for safety, said beside its type: how its value is shown, and whether changing it leads money somewhere
 * else. Of suppliers, buyers, counterparties and their contacts every writable field does, unless it says `harmless`; one that
 * says nothing is also masked.
 */
import * as z from 'zod'

/** What someone who diverts a payment has to touch: the timeline of changes marks these. `unclassified`: not declared yet. */
export const RISK_KINDS = ['bank_account', 'payment_method', 'address', 'email', 'unclassified'] as const
export type Risk = (typeof RISK_KINDS)[number]
/** Where changing a field leads money; `other`: by names, references and the like, which are not marked. */
export type PayeeKind = Risk | 'other'

export type Meaning = {
  /** `masked`: the last four characters. `hidden`: never. `unlogged`: returned to the caller, in no log. */
  shown?: 'masked' | 'hidden' | 'unlogged'
  /** Of a field of a party. */
  payee?: PayeeKind | 'harmless'
}

const meanings = z.registry<Meaning>()

/** A copy, since types such as `words` are shared by many fields. */
const noted = <Type extends z.ZodType>(type: Type, meaning: Meaning): Type => {
  const copy = z.clone(type, type._zod.def, { parent: true }) as Type
  meanings.add(copy, { ...meaningOf(type), ...meaning })
  return copy
}

/** Shown by its last four characters. */
export const masked = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'masked' })
/** Never shown. */
export const hidden = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'hidden' })
/** Returned to the caller and never logged: whoever has the address may see the image. */
export const unlogged = <Type extends z.ZodType>(type: Type): Type => noted(type, { shown: 'unlogged' })

/** Leads money somewhere, and may be shown. */
export const payee = <Type extends z.ZodType>(kind: PayeeKind, type: Type): Type =>
  noted(type, { payee: kind })
/** A number of a bank account or bank: leads money somewhere, and is masked. */
export const bankNumber = <Type extends z.ZodType>(type: Type): Type => payee('bank_account', masked(type))
/** Changing it moves no money elsewhere. */
export const harmless = <Type extends z.ZodType>(type: Type): Type => noted(type, { payee: 'harmless' })

/** What was said of a type, optional or not; empty where nothing was. */
export const meaningOf = (type: z.ZodType): Meaning => {
  const said = meanings.get(type)
  if (said) return said
  return type instanceof z.ZodOptional || type instanceof z.ZodNullable
    ? meaningOf(type.unwrap() as z.ZodType)
    : {}
}
