/** What a field means for safety is said beside it, and one that says nothing is treated with care. */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { changes } from '../../schemas/bodies.ts'
import type { Resource } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { declaredOf, readable } from '../../schemas/readable.ts'
import {
  fieldMeanings,
  isParty,
  payeeKindOf,
  sensitivityOf,
  writableFields,
} from '../../schemas/sensitive.ts'
import { approvalReasons } from '../../src/rules/approval.ts'
import { present } from '../../src/tools/present/present.ts'
import { timelineOf } from '../../src/tools/reading/timeline.ts'

/** Suppliers as they would be if Finexio added a field and nobody said what it means. */
const withNewField = (name: string): Resource[] => {
  const field = { [name]: z.string() }
  const suppliers = resources.find((resource) => resource.name === 'suppliers')!
  const { get, partial_update } = suppliers.methods
  const more: Resource = {
    ...suppliers,
    methods: {
      get: { ...get!, gives: readable({ ...declaredOf(get!.gives!), ...field }, 'id') },
      partial_update: { ...partial_update!, body: changes(field) },
    },
  }
  return [...resources, more]
}

describe('a field that nobody classified', () => {
  const NEW = 'virtual_card_alias'

  it('is masked and leads money somewhere as soon as it is declared', () => {
    const meanings = fieldMeanings(withNewField(NEW))
    expect([meanings.sensitivityOf(NEW), meanings.payeeKindOf(NEW)]).toEqual(['masked', 'unclassified'])
    expect(meanings.sensitivityOf('virtualCardAlias')).toBe('masked')
  })

  it('counts as one that decides where money goes, so that changing it waits for a person', () => {
    const write = { effect: 'money', movements: [], fields: [NEW], concerns: [], unchecked: [] } as const
    expect(approvalReasons({ over_cents: Number.MAX_SAFE_INTEGER }, write, () => 0)).toEqual([
      { kind: 'payee_fields', fields: [NEW] },
    ])
  })

  it('is shown on the timeline as a risk, its long numbers cut to four digits', () => {
    const entry = {
      object_id: 'sup_1',
      timestamp: '2026-11-03T15:10:00Z',
      action: 'Update',
      changes: [{ field: NEW, before: null, after: 'card 4111111111111111 of Acme' }],
    }
    expect(timelineOf([entry]).map(({ field, risk }) => [field, risk])).toEqual([[NEW, 'unclassified']])
    const shown = JSON.stringify(present(entry))
    expect(shown).toContain('****1111')
    expect(shown).not.toContain('4111111111111111')
  })
})

describe('a field of the change log that nobody declared', () => {
  const shownAs = (field: string, after: unknown) =>
    JSON.stringify(present({ object_id: 'sup_1', changes: [{ field, before: null, after }] }))

  it.each([
    ['a number in groups', 'virtual_card_alias', '4111 1111 1111 1111'],
    ['a number that is no text', 'virtual_card_alias', 4111111111111111],
    ['a list', 'virtual_cards', ['4111111111111111']],
    ['an object', 'virtual_cards', { alias: '4111-1111-1111-1111' }],
    ['a new field of a contact', 'contacts', [{ alias: '4111111111111111' }]],
    ['a list sent as JSON text', 'contacts', '[{"alias": "4111111111111111"}]'],
  ])('shows four digits of %s', (_, field, after) => {
    expect(shownAs(field, after)).not.toMatch(/4111[ -]?1111/)
    expect(shownAs(field, after)).toContain('****1111')
  })

  it.each(['iban', 'swift_code', 'payeeAccountNo', 'tax_id_2', 'taxpayer_identification_number'])(
    '%s is masked by its name',
    (name) => expect(sensitivityOf(name)).toBe('masked'),
  )

  it.each(['class_name', 'account_manager', 'card_type', 'ribbon'])('%s is not', (name) =>
    expect(sensitivityOf(name)).toBe('plain'),
  )

  it('keeps short numbers as they are, and what customers put into metadata', () => {
    expect(shownAs('grace_days', 30)).toContain('"after":30')
    expect(shownAs('metadata', { erp_no: '100200300' })).toContain('100200300')
  })

  it('cuts values nested deeper than anything Finexio documents', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    expect(shownAs('virtual_cards', deep)).toContain('[cut: nested too deeply]')
  })
})

describe('declared fields of suppliers, buyers, counterparties and contacts', () => {
  it('lead money somewhere, all but these', () => {
    const writable = new Set(resources.filter(isParty).flatMap(writableFields))
    const harmless = [...writable].filter((name) => payeeKindOf(name) === null).sort()
    expect(writable.size).toBeGreaterThan(50)
    expect(harmless).toEqual([
      'business_type',
      'category',
      'metadata',
      'notes',
      'payee_type',
      'payment_terms',
      'sub_category',
      'twelve_month_payment_count',
      'twelve_month_spend',
    ])
  })

  it('are the parties that can be written, and nothing else', () => {
    expect(resources.filter(isParty).map(({ name }) => name)).toEqual([
      'counterparties',
      'suppliers',
      'supplier_contacts',
      'buyers',
      'buyer_contacts',
    ])
  })
})
