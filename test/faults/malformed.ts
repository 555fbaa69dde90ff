/** Answers with status 200 that are not what they should be, and a Finexio that gives one of them in place of one list. */
import { resources } from '../../schemas/index.ts'

type Row = Record<string, unknown>

const BASE = 'https://finexio.test/v2'
const stamp = '2026-11-20T10:00:00.000000'

const invoice: Row = {
  id: 'inv_1',
  invoice_number: 'A-1',
  amount_cents: 1_200,
  status: 'complete',
  payment_id: 'pay_1',
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
  invoice_date: '2026-11-01',
  invoice_due_date: '2026-11-10',
  created: stamp,
}
const payment: Row = {
  id: 'pay_1',
  amount_cents: 1_200,
  status: 'settled',
  payment_method: 'check',
  tracking_id: 'RC1',
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
  created: stamp,
  updated: stamp,
  events: [],
}
const supplier: Row = {
  id: 'sup_999',
  type: 'Supplier',
  name: 'Acme',
  internal_id: 'A-1',
  external_reference_id: 'A-1',
  payment_method: 'ACH',
  enabled: true,
  created: stamp,
}
const funded: Row = {
  ...payment,
  supplier_name: 'Acme',
  invoices: [{ id: 'inv_1', invoice_number: 'A-1', payment_amount_cents: 1_200, discount_amount_cents: 0 }],
}

/** One record of each kind, such that composites find their way from one to the next. A new resource gets a plain one. */
const RECORDS: Readonly<Record<string, Row>> = {
  invoices: invoice,
  payments: payment,
  suppliers: supplier,
  counterparties: supplier,
  buyers: { id: 'buy_111', name: 'Buyer', external_reference_id: 'B-1', created: stamp },
  drawdowns: { processor_request_id: 'req_1', amount_cents: 1_200, status: 'received', created: stamp },
  drawdown_payments: funded,
  counterparty_history: {
    object_id: 'sup_999',
    timestamp: '2026-01-01T10:00:00.000000',
    action: 'Updated',
    actor: 'someone',
    remote_addr: '192.0.2.10',
    changes: { bank_account_number: ['1', '2'] },
  },
  payment_images: { check_image_url: 'https://images.test/1' },
}

type Route = { resource: string; isList: boolean; isArray: boolean; pattern: RegExp; template: string }

const ROUTES: readonly Route[] = resources
  .flatMap(({ name, methods }) =>
    Object.entries(methods)
      .filter(([, { route }]) => route.startsWith('GET '))
      .map(([method, { route, list }]): Route => {
        const template = route.slice(4)
        const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
        return {
          resource: name,
          isList: method === 'list',
          isArray: list?.shape === 'array',
          pattern,
          template,
        }
      }),
  )
  // A fixed path before one with a place in it: `/counterparties/suppliers` is no counterparty.
  .sort((a, b) => Number(a.template.includes('{')) - Number(b.template.includes('{')))

const recordOf = (resource: string): Row => RECORDS[resource] ?? { id: 'id_1', created: stamp }

/** More than one, where tools look for more than one. */
const LISTED: Readonly<Record<string, readonly Row[]>> = {
  counterparties: [supplier, { id: 'buy_111', type: 'Buyer', name: 'Buyer', created: stamp }],
}

/** @param page the page asked for @param link the list's own address */
type Body = (row: Row, page: number, link: string) => unknown

/** Not JSON, or JSON that is no list: text as it comes. */
const RAW: Readonly<Record<string, string>> = {
  null: 'null',
  'a JSON text': '"x"',
  'a number': '7',
  'no body': '',
  'blanks alone': ' \n',
  'plain text': 'maintenance until noon',
  'an HTML page': '<!doctype html><title>Maintenance</title>',
  'cut JSON': '{"count": 1, "next": null, "results": [{"id": "x',
  'an object without results': '{"detail": "maintenance"}',
  'an empty object': '{}',
  'results that are no list': '{"count": 1, "next": null, "results": {"0": {"id": "x"}}}',
}

const BODIES: Readonly<Record<string, Body>> = {
  'a count above no rows': () => ({ count: 3_185, next: null, results: [] }),
  'a count above the rows': (row) => ({ count: 200, next: null, results: [row] }),
  'a count of millions': (row, page, link) => ({
    count: 5_000_000,
    next: `${link}?page=${page + 1}`,
    results: [row, row],
  }),
  'a next that is a cursor': (row, _, link) => ({ count: 200, next: `${link}?cursor=abc`, results: [row] }),
  'a next that is no text': (row) => ({ count: 2, next: { page: 2 }, results: [row] }),
  'a next that names this page': (row, page, link) => ({
    count: 200,
    next: `${link}?page=${page}`,
    results: [row],
  }),
  'a next that skips pages': (row, page, link) => ({
    count: 2,
    next: `${link}?page=${page + 7}`,
    results: [row],
  }),
  'a next on another host': (row, page) => ({
    count: 2,
    next: page < 2 ? 'https://evil.example/v2/payments/?page=2' : null,
    results: [{ ...row, id: `${row.id}-${page}` }],
  }),
  'the same page again': (row, page, link) => ({
    count: 200,
    next: `${link}?page=${page + 1}`,
    results: [row],
  }),
  'a list that shrinks': (row, page, link) => ({
    count: page < 2 ? 250 : 2,
    next: page < 2 ? `${link}?page=2` : null,
    results: [page < 2 ? row : { ...row, id: `${row.id}-2` }],
  }),
  'rows that are no records': () => ({ count: 2, next: null, results: [null, 7] }),
}

/** What comes with a page in every list but the bare ones, which have none. */
const COUNTLESS: Readonly<Record<string, Body>> = {
  'no count': (row) => ({ next: null, results: [row] }),
  'a count that is no number': (row) => ({ count: 'many', next: null, results: [row] }),
  'a negative count': (row) => ({ count: -1, next: null, results: [row] }),
}

export type Malformed = { name: string; isPaged?: true; text(row: Row, page: number, link: string): string }

export const MALFORMED: readonly Malformed[] = [
  ...Object.entries(RAW).map(([name, text]) => ({ name, text: () => text })),
  ...Object.entries(BODIES).map(([name, body]) => ({
    name,
    text: (...args: Parameters<Body>) => JSON.stringify(body(...args)),
  })),
  ...Object.entries(COUNTLESS).map(([name, body]) => ({
    name,
    isPaged: true as const,
    text: (...args: Parameters<Body>) => JSON.stringify(body(...args)),
  })),
]

const sane = ({ resource, isList, isArray }: Route): unknown => {
  const row = recordOf(resource)
  if (!isList) return row
  const results = LISTED[resource] ?? [row]
  return isArray ? results : { count: results.length, next: null, previous: null, results }
}

export type Asked = { verb: string; list: string | null }

/** Which lists come in pages, by their path template. */
export const isPagedList = (template: string): boolean =>
  ROUTES.some((route) => route.template === template && route.isList && !route.isArray)

/**
 * A Finexio over HTTP, sane but for one list.
 * @param broken path template of the list, and what comes in its place
 */
export const finexioWith = (broken: { template: string; as: Malformed } | null) => {
  const asked: Asked[] = []
  const fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const url = new URL(address)
    const path = url.pathname.slice(new URL(BASE).pathname.length)
    const route = init.method === 'GET' ? ROUTES.find(({ pattern }) => pattern.test(path)) : undefined
    asked.push({ verb: init.method!, list: route?.isList ? route.template : null })
    if (!route) return Response.json({}, { status: 201 })
    const page = Number(url.searchParams.get('page') ?? 1)
    if (broken?.template !== route.template) return Response.json(sane(route))
    return new Response(broken.as.text(recordOf(route.resource), page, `${url.origin}${url.pathname}`))
  }
  return {
    asked,
    options: { baseUrl: BASE, credentials: { username: 'user', password: 'correct horse' }, fetch },
  }
}
