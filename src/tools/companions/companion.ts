/** Tools that go with writes: they tell what became of one, and withdraw what waits. */
import type * as z from 'zod'
import { inputJsonSchema, outputJsonSchema } from '../json-schema.ts'
import type { ReadTool } from '../tool.ts'

type Declared = Pick<ReadTool, 'name' | 'title' | 'method' | 'input' | 'output' | 'run'> & {
  effect: 'read' | 'write'
  says: string
}

export const companion = ({ says, input, output, ...declared }: Declared): ReadTool => ({
  ...declared,
  description: says,
  resource: 'writes',
  tags: [],
  follows: 'writes',
  input,
  inputSchema: inputJsonSchema(input as z.ZodObject),
  output,
  outputSchema: outputJsonSchema(output),
})
