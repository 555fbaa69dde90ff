import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { historyRecord } from '../../schemas/counterparty-history.ts'
import { read } from './support.ts'

const guide = {
  object_id: 'sup-77',
  actor: 'invented.user',
  remote_addr: '192.0.2.77',
  timestamp: '2025-10-02T08:15:00.000900',
  action: 'Updated',
  changes: { payment_terms: ['None', '45'], ineligible_for_cbm: ['False', 'True'], change_reason: 'moved' },
}
const openapi = {
  id: 'h-1',
  objectId: 'sup-77',
  date: '2025-10-02T08:15:00.000900',
  username: 'invented.user',
  userIpAddress: '192.0.2.77',
  action: 'Update',
  changes: { field: 'payment_terms', oldValue: null, newValue: 45 },
  notes: 'by phone',
}
const change = (changes: unknown) =>
  (read('counterparty_history', 'list', { ...guide, changes }) as { changes: unknown }).changes

describe('history', () => {
  it('reads the guide’s shape', () => {
    expect(read('counterparty_history', 'list', guide)).toEqual({
      object_id: 'sup-77',
      timestamp: '2025-10-02T08:15:00.000900',
      action: 'Updated',
      actor: 'invented.user',
      remote_addr: '192.0.2.77',
      changes: [
        { field: 'payment_terms', before: null, after: '45' },
        { field: 'ineligible_for_cbm', before: false, after: true },
        { field: 'change_reason', before: null, after: 'moved' },
      ],
    })
  })

  it('reads the OpenAPI’s shape into the same record', () => {
    expect(read('counterparty_history', 'list', openapi)).toEqual({
      id: 'h-1',
      object_id: 'sup-77',
      timestamp: '2025-10-02T08:15:00.000900',
      action: 'Update',
      actor: 'invented.user',
      remote_addr: '192.0.2.77',
      changes: [{ field: 'payment_terms', before: null, after: 45 }],
      notes: 'by phone',
    })
  })

  it('reads an array of change objects', () => {
    const both = [openapi.changes, { field: 'name', oldValue: { deep: [1] }, newValue: 'None' }]
    expect(change(both)).toEqual([
      { field: 'payment_terms', before: null, after: 45 },
      { field: 'name', before: { deep: [1] }, after: null },
    ])
  })

  it('keeps apart a changed field that is called field', () => {
    expect(change({ field: ['a', 'b'] })).toEqual([{ field: 'field', before: 'a', after: 'b' }])
  })

  it('loses nothing that has no shape known to us', () => {
    expect(change(['text'])).toEqual([{ field: null, before: null, after: 'text' }])
    expect(change({ name: ['a', 'b', 'c'] })).toEqual([
      { field: 'name', before: null, after: ['a', 'b', 'c'] },
    ])
    expect(change(null)).toBeNull()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (raw) => {
        expect(() => historyRecord(raw)).not.toThrow()
        expect(() => historyRecord({ changes: raw })).not.toThrow()
      }),
    )
  })

  it('survives nesting beyond the stack’s patience by refusing, not by hanging', () => {
    const deep = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)
    expect(change(deep)).toEqual([])
  })
})
