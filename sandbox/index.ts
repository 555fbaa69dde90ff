/** The Finexio look-alike as a Worker of its own. */
import type { SandboxEnv } from './sandbox-object.ts'

export { SandboxObject } from './sandbox-object.ts'

export default {
  fetch: (request, env) => env.SANDBOX.get(env.SANDBOX.idFromName('sandbox')).fetch(request),
} satisfies ExportedHandler<SandboxEnv>
