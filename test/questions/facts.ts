/** Everything Finexio holds for one tenant, read page by page straight from the sandbox: the truth, without the product. */

// biome-ignore lint/suspicious/noExplicitAny: rows as Finexio gives them
export type Row = any

export type Facts = {
  payments: Row[]
  invoices: Row[]
  drawdowns: Row[]
  counterparties: Row[]
  suppliers: Row[]
  buyers: Row[]
  webhooks: Row[]
  history: Row[]
  /** Payments of a drawdown with their invoices. */
  paymentsOf(drawdown: string): Promise<Row[]>
  /** Address of the scan of a check, or null. */
  imageOf(payment: string): Promise<string | null>
}

export type Direct = {
  get(path: string): Promise<Row>
  post(path: string, body: unknown): Promise<Row>
}

/** The sandbox as its own client sees it. */
export const direct = (baseUrl: string, username: string): Direct => {
  const authorization = `Basic ${btoa(`${username}:password of ${username}`)}`
  const ask = async (path: string, init: RequestInit = {}): Promise<Row> => {
    const response = await fetch(`${baseUrl}${path}`, {
      ...init,
      headers: { authorization, 'content-type': 'application/json' },
    })
    return response.json()
  }
  return {
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
  }
}

const readAll = async ({ get }: Direct, path: string): Promise<Row[]> => {
  const rows: Row[] = []
  for (let page = 1; ; page++) {
    const body = await get(`${path}${path.includes('?') ? '&' : '?'}page=${page}`)
    rows.push(...body.results)
    if (body.next === null) return rows
  }
}

export const factsOf = async (finexio: Direct): Promise<Facts> => ({
  payments: await readAll(finexio, '/payments/'),
  invoices: await readAll(finexio, '/invoices/'),
  drawdowns: await readAll(finexio, '/reconciliation/drawdown?created_start=2000-01-01'),
  counterparties: await readAll(finexio, '/counterparties/'),
  suppliers: await readAll(finexio, '/counterparties/suppliers'),
  buyers: await readAll(finexio, '/counterparties/buyers'),
  webhooks: await readAll(finexio, '/webhooks/'),
  history: await readAll(finexio, '/counterparties/history'),
  paymentsOf: (drawdown) => readAll(finexio, `/reconciliation/drawdown/${drawdown}/payments`),
  imageOf: async (payment) => {
    const body = await finexio.get(`/payments/${payment}/images`)
    const image = Array.isArray(body) ? body[0] : body
    return image?.check_image_url ?? null
  },
})
