/** The Worker's exports: its fetch handler and its Durable Object classes. */
import { admitToken } from './account/door/admission.ts'
import { handler } from './app.ts'
import { SseStreamObject as SseStreams } from './mcp/transport/sse-object.ts'
import { toolLayer } from './tools/call/call.ts'

export { AccountObject } from './account/account-object.ts'
export { DirectoryObject } from './account/directory-object.ts'
export { SettingsRunner } from './api/settings/settings-runner.ts'

export class SseStreamObject extends SseStreams {
  protected override readonly tools = toolLayer
  protected override readonly admit = (...[token, caller]: Parameters<SseStreams['admit']>) =>
    admitToken(this.env, token, caller)
}

// Stacks are never logged: they could hold data. The SDK makes an error at the end of every request, at a price.
Error.stackTraceLimit = 0

export default handler
