/** Composite tools: one call that reads several things of Finexio and answers a question people ask. */
import * as z from 'zod'
import { defineTool, type ReadTool } from '../tool.ts'

type Declared = Pick<
  ReadTool,
  'name' | 'title' | 'resource' | 'method' | 'input' | 'run' | 'needs' | 'covers'
> & {
  /** When to use it and where ids come from. */
  says: string
  /** The fields an answer turns on; further ones explain themselves, and every declared one is paid in every chat. */
  gives: z.ZodRawShape
}

/** Rows whose columns the text names; what they mean is said where Finexio's own records are listed. */
export const rows = z.array(z.object({}))

/** In every answer. */
const ending = {
  is_partial_response: z.boolean(),
  note: z.string().optional(),
}

export const composite = ({ says, gives, ...declared }: Declared): ReadTool =>
  defineTool({
    ...declared,
    description: says,
    effect: 'read',
    output: z.looseObject({ ...gives, ...ending }),
  })
