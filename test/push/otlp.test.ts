/** Rows as OTLP/HTTP JSON logs: the form of opentelemetry-proto's `ExportLogsServiceRequest`. */
import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/account/audit/entry.ts'
import { entryIn, storedText } from '../../src/account/audit/stored.ts'
import { exportRequest, gapRecord, logRecord } from '../../src/rules/otlp.ts'
import { called, managed } from '../audit/support.ts'

const CHAIN = '0b0f4a5e-8a5e-4d3c-9d1e-5f8f0d9a7c11'
const HASH = 'ab'.repeat(32)
const AT = Date.UTC(2026, 10, 30, 12, 0, 0, 7)

type Value = Record<string, unknown>
type Written = Record<string, unknown> & { attributes: { key: string; value: Value }[] }

const written = (entry: AuditEntry): Written =>
  JSON.parse(logRecord({ chain: CHAIN, seq: 12, at: AT, hash: HASH, fields: entryIn(storedText(entry)) }))
const attribute = (record: Written, name: string): Value | undefined =>
  record.attributes.find(({ key }) => key === `finexio_mcp.${name}`)?.value

test('a call: time, severity, sentence, machine form, place in its chain and in the trace of its caller', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const record = written(called({ traceparent }))
  expect(record).toMatchObject({
    timeUnixNano: '1796040000007000000',
    observedTimeUnixNano: '1796040000007000000',
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'finexio_mcp.mcp',
    body: { stringValue: expect.stringMatching(/^“Month-end close” .*payments: 50 rows$/) },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    flags: 1,
  })
  expect(attribute(record, 'chain')).toEqual({ stringValue: CHAIN })
  expect(attribute(record, 'seq')).toEqual({ intValue: '12' })
  expect(attribute(record, 'hash')).toEqual({ stringValue: HASH })
  expect(attribute(record, 'tool_name')).toEqual({ stringValue: 'list_all_finexio_payments' })
  expect(attribute(record, 'duration')).toEqual({ intValue: '143' })
  expect([attribute(record, 'caller_id'), attribute(record, 'traceparent')]).toEqual([undefined, undefined])
})

test('without a trace there are no ids, which would have to be valid', () => {
  const record = written(called())
  expect(['traceId', 'spanId', 'flags'].filter((name) => name in record)).toEqual([])
})

test.each([
  ['a refused call', called({ outcome: 'refused' }), 13],
  ['a write of which nobody knows', called({ outcome: 'unknown' }), 13],
  ['a payee that changed', { type: 'payee', event: 'changed', request_id: null, supplier_id: 's' }, 13],
  ['a fault of ours', called({ outcome: 'fault' }), 17],
  ['rows that were lost', { type: 'gap', lost: 2 }, 17],
  ['a waiting draft, which is no error', called({ outcome: 'pending_approval' }), 9],
  ['a rejected draft, which is a decision', { ...decided(), event: 'rejected' }, 9],
] as [string, AuditEntry, number][])('%s has its severity', (_, entry, severity) => {
  expect(written(entry).severityNumber).toBe(severity)
})

function decided(): Extract<AuditEntry, { type: 'write' }> {
  const ids = {
    request_id: 'r',
    mcp_server_id: 's',
    tool_name: 'create_a_finexio_supplier',
    idempotency_key: 'k',
  }
  return { type: 'write', event: 'approved', outcome: null, ...ids, actor_id: 'a', actor_name: 'Ann' }
}

test('lists, objects, truths and numbers keep their kind, and what is absent stays absent', () => {
  const entry = {
    ...managed('PATCH /x', { changed: ['limits', 'name'], stopped: false }),
    settings: [{ key: 'limits', before: null, after: { per_day: 1.5 } }],
  }
  const record = written(entry as AuditEntry)
  expect(attribute(record, 'changed')).toEqual({
    arrayValue: { values: [{ stringValue: 'limits' }, { stringValue: 'name' }] },
  })
  expect(attribute(record, 'stopped')).toEqual({ boolValue: false })
  const after = {
    key: 'after',
    value: { kvlistValue: { values: [{ key: 'per_day', value: { doubleValue: 1.5 } }] } },
  }
  expect(attribute(record, 'settings')).toEqual({
    arrayValue: {
      values: [{ kvlistValue: { values: [{ key: 'key', value: { stringValue: 'limits' } }, after] } }],
    },
  })
})

test('a request has one resource, one scope and its records in order; rows that do not go are told in their place', () => {
  const gap = gapRecord({ chain: CHAIN, from: 3, to: 5, at: AT })
  const request = JSON.parse(
    exportRequest([
      gap,
      logRecord({ chain: CHAIN, seq: 6, at: AT, hash: HASH, fields: { type: 'gap', lost: 1 } }),
    ]),
  )
  expect(request).toMatchObject({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'finexio-mcp' } }, {}] },
        scopeLogs: [
          {
            scope: { name: 'finexio-mcp/audit' },
            logRecords: [
              { eventName: 'finexio_mcp.not_sent', severityText: 'ERROR' },
              { eventName: 'finexio_mcp.gap' },
            ],
          },
        ],
      },
    ],
  })
  expect(JSON.parse(gap).body.stringValue).toMatch(/^Rows 3 to 5 of this trail are not here/)
})
