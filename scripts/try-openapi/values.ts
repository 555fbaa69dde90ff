/** Arguments for a tool, made from its input schema: what is needed, all of it, and each thing by itself. Pure. */
import { isNode } from '../schemas-drift/description.ts'
import type { Schema } from './description.ts'

/** Values that Finexio's rules ask for and a JSON Schema does not tell; the first one is used beside others. */
const BY_NAME: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [
    /_(start|end|after)$/,
    ['2026-10-31', '2026-10-31T08:15', '2026-10-31T08:15:30.25', '2026-10-31T08:15:30+02:00'],
  ],
  [/^(from|to)$/, ['2026-10-01']],
  [/^invoice_(due_)?date$/, ['2026-11-20']],
  [/^date_of_birth$/, ['1980-02-03']],
  [/^(originating|receiving)_counterparty_id$|^object_id$/, ['0c1e7d2a-5b34-4c8e-9f10-6a2b3c4d5e6f']],
  [/^internal_id$/, ['vendor_Alpha', 'VENDOR_9']],
  [/^remit_email$/, ['ann.lee@acme.com', 'ann.lee@acme.com,ap@acme.com']],
  [/email$/, ['ann.lee@acme.com']],
  [/state$/, ['FL']],
  [/(zipcode|postal_code)$/, ['33602']],
  [/phone(_number)?$/, ['8135550100']],
  [/tax_id$/, ['98-7654321']],
  [/^ssn$/, ['123-45-6789']],
  [/account_number$/, ['12345678']],
  [/routing_number$/, ['021000021']],
  [/^url$/, ['https://hooks.example.com/finexio']],
  [/^event$/, ['payment.changed']],
  [/^funding_method$/, ['ach_credit', 'ach_debit', 'wire', 'reverse_wire']],
  [/^metadata$/, [{ cost_centre: '42' }]],
  [/^controlling_owner$/, [true]],
  [/^(fields|list)$/, []],
]

/** What no request shows, or what only an earlier answer can give. */
const LEFT_OUT = new Set(['dry_run', 'credential_ref', 'next_cursor', 'idempotency_key', 'reason', 'fields'])

const typesOf = ({ type }: Schema) => [type ?? []].flat()

const bySchema = (name: string, schema: Schema, full: boolean): unknown[] => {
  if (Array.isArray(schema.enum)) return schema.enum
  const types = typesOf(schema)
  const { minimum, maximum } = schema
  if (types.includes('array')) return isNode(schema.items) ? [[first(name, schema.items, full)]] : [[]]
  if (types.includes('object')) return [objectOf(schema, full)]
  if (types.includes('boolean')) return [true, false]
  if (types.includes('integer') || types.includes('number'))
    return [
      typeof minimum === 'number' ? Math.max(minimum, 1) : 12_345,
      ...(typeof maximum === 'number' ? [maximum] : []),
    ]
  return [`Try ${name}`.slice(0, Number(schema.maxLength ?? 40))]
}

/** Every value worth trying, the ordinary one first. */
const valuesOf = (name: string, schema: Schema, full: boolean): readonly unknown[] =>
  BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? bySchema(name, schema, full)

const first = (name: string, schema: Schema, full: boolean): unknown => valuesOf(name, schema, full)[0]

const fieldsOf = ({ properties }: Schema): [string, Schema][] =>
  Object.entries(isNode(properties) ? properties : {}).filter(
    (entry): entry is [string, Schema] => isNode(entry[1]) && !LEFT_OUT.has(entry[0]),
  )

const objectOf = (schema: Schema, full: boolean): Schema => {
  const required = [schema.required ?? []].flat()
  return Object.fromEntries(
    fieldsOf(schema)
      .filter(([name]) => full || required.includes(name))
      .map(([name, inner]) => [name, first(name, inner, full)] as const)
      .filter(([, value]) => value !== undefined),
  )
}

/** With a means of payment go the fields that Finexio asks for beside it. */
const COMPANIONS = ['bank_account_number', 'bank_routing_number', 'remit_email']

const leastOf = (schema: Schema): Schema => {
  const least = objectOf(schema, false)
  const also = fieldsOf(schema).filter(([name]) => 'payment_method' in least && COMPANIONS.includes(name))
  // A webhook needs credentials, by value or by name.
  const known = fieldsOf(schema).filter(([name]) => 'url' in least && /^(username|password)$/.test(name))
  return {
    ...least,
    ...Object.fromEntries([...also, ...known].map(([name, one]) => [name, first(name, one, false)])),
  }
}

const isText = (schema: Schema) => typesOf(schema).includes('string') && !schema.enum

/** A value in the place of the ordinary one, beside as much as is needed or beside everything. */
const eachAlone = (schema: Schema, beside: Schema): Schema[] =>
  fieldsOf(schema).flatMap(([name, inner]) => [
    ...valuesOf(name, inner, true).map((value) => ({ ...beside, [name]: value })),
    ...(isText(inner) ? [{ ...beside, [name]: '' }] : []),
  ])

/** Of a batch the rows are varied, not the batch. */
const rowsOf = ({ properties }: Schema): Schema | null => {
  const body = isNode(properties) ? properties.body : null
  return isNode(body) && isNode(body.items) ? body.items : null
}

const ofRows = (rows: Schema): Schema[] => {
  const [least, whole] = [objectOf(rows, false), objectOf(rows, true)]
  const all = [least, whole, ...eachAlone(rows, least), ...eachAlone(rows, whole)]
  // Equal invoices are one invoice: each call has a number of its own.
  const numbered = all.map((row, at) => ({ ...row, invoice_number: row.invoice_number && `TRY-${at}` }))
  return [
    ...numbered.map((row) => ({ body: [row] })),
    { body: [0, 1, 2].map((at) => ({ ...least, invoice_number: `TRY-MANY-${at}` })) },
  ]
}

/** @returns what a tool is called with, each different from the others */
export const variantsOf = (schema: Schema): Schema[] => {
  const rows = rowsOf(schema)
  const [least, whole] = [leastOf(schema), objectOf(schema, true)]
  const all = rows ? ofRows(rows) : [least, whole, ...eachAlone(schema, least), ...eachAlone(schema, whole)]
  return [...new Map(all.map((args) => [JSON.stringify(args), args])).values()]
}
