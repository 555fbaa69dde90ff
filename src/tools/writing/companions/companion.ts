/** Tools that go with writes: they tell what became of one, and withdraw what waits. */
import type * as z from 'zod'
import { resources } from '../../../../schemas/index.ts'
import { toolName } from '../../derived/name.ts'
import { inputJsonSchema, outputJsonSchema } from '../../json-schema.ts'
import type { ReadTool } from '../../tool.ts'

/** Finexio's own tools of resources that can be written, by whether they write. */
const namesOf = (writes: boolean): string[] =>
  resources
    .filter(({ methods }) => Object.values(methods).some(({ effect }) => effect !== 'read'))
    .flatMap((resource) =>
      Object.entries(resource.methods)
        .filter(([, { effect }]) => (effect !== 'read') === writes)
        .map(([name]) => toolName(resource, name)),
    )

/** What can be looked at, and what can be changed: a companion is there where one of its kind is. */
export const LOOKS = namesOf(false)
export const WRITES = namesOf(true)

type Declared = Pick<
  ReadTool,
  'name' | 'title' | 'method' | 'input' | 'output' | 'run' | 'covers' | 'when'
> & {
  effect: 'read' | 'write'
  says: string
}

export const companion = ({ says, input, output, ...declared }: Declared): ReadTool => ({
  ...declared,
  description: says,
  resource: 'writes',
  tags: [],
  input,
  inputSchema: inputJsonSchema(input as z.ZodObject),
  output,
  outputSchema: outputJsonSchema(output),
})
