/** The Worker's exports: its fetch handler and its Durable Object classes. */
import { handler } from './app.ts'

export { AccountObject } from './account/account-object.ts'
export { DirectoryObject } from './account/directory-object.ts'
export { SseStreamObject } from './mcp/transport/sse-object.ts'

// Stacks are never logged: they could hold data. The SDK makes an error at the end of every request, at a price.
Error.stackTraceLimit = 0

export default handler
