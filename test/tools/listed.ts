import { listedWith, type Tool } from '../../src/tools/tool.ts'
import { schemasMade } from '../../src/tools/visible/packed-schemas.ts'

/** A tool as `tools/list` shows it to a server with all tools. */
export const listed = (tool: Tool) => listedWith(tool, schemasMade(tool))
