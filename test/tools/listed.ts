import { inputJsonSchema, outputJsonSchema } from '../../src/tools/json-schema.ts'
import { listedWith, type Tool, type ToolSchemas } from '../../src/tools/tool.ts'

/** Made of the types of a tool, whatever was built. */
export const schemasMade = ({ input, output }: Pick<Tool, 'input' | 'output'>): ToolSchemas => ({
  input: inputJsonSchema(input),
  output: outputJsonSchema(output),
})

/** A tool as `tools/list` shows it to a server with all tools. */
export const listed = (tool: Tool) => listedWith(tool, schemasMade(tool))
