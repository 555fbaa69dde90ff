/** The schemas of the catalogue as one text: it is made while the Worker is bundled, since at a start they cost 30 ms. */
import { catalogue } from '../catalogue.ts'
import { inputJsonSchema, type JsonSchema, outputJsonSchema } from '../json-schema.ts'
import type { Tool, ToolSchemas } from '../tool.ts'

/** In the order of the catalogue; an output that an earlier tool has is that tool's index. */
type Packed = readonly (readonly [input: JsonSchema, output: JsonSchema | number])[]

/** Made of the types of a tool. */
export const schemasMade = ({ input, output }: Pick<Tool, 'input' | 'output'>): ToolSchemas => ({
  input: inputJsonSchema(input),
  output: outputJsonSchema(output),
})

/** @returns what the bundler keeps as `BUILT` */
export const packedSchemas = (): string => {
  const all = catalogue.map(schemasMade)
  const texts = all.map(({ output }) => JSON.stringify(output))
  const packed: Packed = all.map(({ input, output }, index) => {
    const first = texts.indexOf(texts[index]!)
    return [input, first < index ? first : output]
  })
  return JSON.stringify(packed)
}

/** @param text as `packedSchemas` makes it @returns schemas by tool */
export const unpackedSchemas = (text: string): ReadonlyMap<string, ToolSchemas> => {
  const packed = JSON.parse(text) as Packed
  const outputAt = (index: number): JsonSchema => {
    const output = packed[index]![1]
    return typeof output === 'number' ? outputAt(output) : output
  }
  return new Map(
    catalogue.map(({ name }, index) => [name, { input: packed[index]![0], output: outputAt(index) }]),
  )
}
