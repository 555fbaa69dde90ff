/** The Worker's exports: its fetch handler and its Durable Object classes. */
import { app } from './app.ts'

export { AccountObject } from './accounts/account-object.ts'
export { DirectoryObject } from './accounts/directory-object.ts'
export { SseStreamObject } from './mcp/sse-object.ts'

export default app
