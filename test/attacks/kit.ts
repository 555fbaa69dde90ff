/** What an attacker needs against a running deployment: keys, a browser without a screen, an agent. Works on 0.1.0 as well. */
// biome-ignore lint/suspicious/noExplicitAny: answers of any version are looked into
export type Answer = { status: number; body: any }

/** `worked`: the attacker got what they should not get; null: it could not be tried. */
export type Seen = { worked: boolean | null; seen: string }

export type Kit = ReturnType<typeof kitFor>

const today = new Date().toISOString().slice(0, 10)
const invoice = () => ({
  invoice_number: `ATT-${crypto.randomUUID().slice(0, 8)}`,
  amount_cents: 12_345,
  invoice_date: today,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
})

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ??
  (new RegExp(`\\s${name}(\\s|>|/)`).test(tag) ? '' : null)
const decoded = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')

const inputsOf = (form: string): [string, string][] =>
  [...form.matchAll(/<input[^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type')]
    const chosen = (type !== 'checkbox' && type !== 'radio') || attribute(tag, 'checked') !== null
    return name && chosen ? [[name, decoded(attribute(tag, 'value') ?? '')]] : []
  })

const selectsOf = (form: string): [string, string][] =>
  [...form.matchAll(/<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g)].map(([, name, inner]) => {
    const options = [...inner!.matchAll(/<option[^>]*>/g)].map(([tag]) => tag)
    const chosen = options.find((tag) => attribute(tag, 'selected') !== null) ?? options[0] ?? ''
    return [name!, decoded(attribute(chosen, 'value') ?? '')]
  })

const areasOf = (form: string): [string, string][] =>
  [...form.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g)].map(([, name, text]) => [
    name!,
    decoded(text!),
  ])

/** The fields that a browser would send for the form of a page. @param action the end of its address */
export const fieldsOf = (html: string, action: string): [string, string][] => {
  const forms = [...html.matchAll(/<form[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form)
  const form =
    forms.find((one) => (attribute(one, 'action') ?? '').replace(/\?.*/, '').endsWith(action)) ?? ''
  return [...inputsOf(form), ...selectsOf(form), ...areasOf(form)]
}

export const kitFor = (base: string, adminKey: string) => {
  const rest = async (method: string, path: string, body?: unknown, key = adminKey): Promise<Answer> => {
    const response = await fetch(new URL(path, base), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }
  const call = async (url: string, name: string, args: object, bearer?: string) => {
    const params = { name, arguments: args }
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        ...(bearer && { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const { result } = (await response.json()) as any
    return { failed: result === undefined || result.isError === true, data: result?.structuredContent ?? {} }
  }
  const account = async () => {
    const username = `attack-${crypto.randomUUID()}`
    const credentials = { username, password: 'attack' }
    const { body } = await rest('POST', '/integrated-account', { name: username, credentials })
    return { id: body.id as string, username, path: `/integrated-account/${body.id}` }
  }
  const token = async (scopes: string[], name = `attacker ${crypto.randomUUID()}`): Promise<string | null> =>
    (await rest('POST', '/api-token', { name, kind: 'person', scopes })).body.token ?? null
  /** One MCP server that writes. */
  const server = async (path: string, config: object = {}) =>
    rest('POST', `${path}/mcp`, { name: 'attacked', config: { methods: ['read', 'write'], ...config } })
  const pay = (url: string, bearer?: string, more: object = {}) =>
    call(url, 'finexio_invoices_bulk_create', { body: [invoice()], ...more }, bearer)
  const browser = async (key: string) => {
    const send = (path: string, form: [string, string][], cookie = '') =>
      fetch(new URL(path, base), {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: base, 'content-type': 'application/x-www-form-urlencoded', cookie },
        body: new URLSearchParams(form),
      })
    const signedIn = await send('/dashboard/sign-in', [['key', key]])
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    return {
      page: async (path: string) => (await fetch(new URL(path, base), { headers: { cookie } })).text(),
      send: (path: string, form: [string, string][]) => send(path, form, cookie),
    }
  }
  return { base, adminKey, rest, call, account, token, server, pay, browser }
}
