/** The schemas of all tools as one text: it is made while the Worker is bundled, since at a start they cost 30 ms. */
import * as z from 'zod'
import { catalogue } from '../catalogue.ts'
import { inputJsonSchema, type JsonSchema, outputJsonSchema } from '../json-schema.ts'
import { ENTRIES } from './discovery.ts'

/** An output that an earlier tool has is that tool's index. */
export type Packed = readonly (readonly [name: string, input: JsonSchema, output: JsonSchema | number])[]

/** What an entry of discovery mode answers is declared to nobody. */
const NOTHING = z.object({})

/** @returns a `Packed` as JSON */
export const packedSchemas = (): string => {
  const all = [...catalogue, ...ENTRIES.map(({ name, input }) => ({ name, input, output: NOTHING }))]
  const outputs = all.map(({ output }) => outputJsonSchema(output))
  const texts = outputs.map((output) => JSON.stringify(output))
  const packed: Packed = all.map(({ name, input }, index) => {
    const first = texts.indexOf(texts[index]!)
    return [name, inputJsonSchema(input), first < index ? first : outputs[index]!]
  })
  return JSON.stringify(packed)
}
