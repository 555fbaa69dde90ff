/** A place over HTTP: works with any version of the product. */
import { type SandboxControl, sandboxControl } from '../../../support/sandbox-control.ts'
import type { Place, Said } from './types.ts'

export interface Running {
  baseUrl: string
  sandboxUrl: string | null
  finexioBaseUrl: string
  adminApiKey: string
}

const caller =
  (url: string): Place['call'] =>
  async (name, args = {}, headers = {}): Promise<Said> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: args },
      }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into
    const { result, error } = (await response.json()) as any
    return {
      status: response.status,
      isError: result === undefined || result.isError === true,
      text:
        result?.content?.map(({ text = '' }: { text?: string }) => text).join('\n') ?? error?.message ?? '',
      data: result?.structuredContent,
    }
  }

const control = (sandbox: SandboxControl): Pick<Place, 'fault' | 'calm' | 'sent'> => ({
  fault: sandbox.addFault,
  calm: async () => {
    await sandbox.clearFaults()
    await sandbox.forgetRequests()
  },
  sent: sandbox.requests,
})

const ask = async (running: Running, method: string, path: string, body?: object) => {
  const response = await fetch(new URL(path, running.baseUrl), {
    method,
    headers: { authorization: `Bearer ${running.adminApiKey}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into
  return JSON.parse(text) as any
}

/** @param username the tenant in the sandbox; `demo` has the names of the README */
export const openPlace = async (running: Running, username: string): Promise<Place> => {
  const password = username === 'demo' ? 'demo' : `Tr0ub4dor ${username}`
  const { id } = await ask(running, 'POST', '/integrated-account', {
    name: username,
    credentials: { username, password },
    base_url: running.finexioBaseUrl,
  })
  const serve = async (config: object) =>
    caller((await ask(running, 'POST', `/integrated-account/${id}/mcp`, { name: 'siblings', config })).url)
  const call = await serve({ methods: ['read', 'write'] })
  const { data } = await call('list_all_finexio_suppliers', { external_reference_id: 'VND-1056' })
  return {
    username,
    password,
    call,
    serve,
    ...control(sandboxControl(running.sandboxUrl!, username)),
    uuid: data.result[0].id,
  }
}
