import { beforeAll, describe, expect, inject, it } from 'vitest'
import { type Called, callOver } from '../../support/call-over.ts'
import { newTenant, type Tenant } from '../../support/tenant.ts'

const DAY = 86_400_000
const usDate = (time: number) => {
  const [year, month, day] = new Date(time).toISOString().slice(0, 10).split('-')
  return `${month}/${day}/${year}`
}

describe('a spreadsheet of invoices, end to end', () => {
  let tenant: Tenant
  let url: string
  let csv: string
  let first: Called

  beforeAll(async () => {
    tenant = await newTenant(inject('stack'))
    url = await tenant.serve({ methods: ['read', 'write'] })
    const { data } = await callOver(url, 'list_all_finexio_suppliers', { limit: 2, fields: ['name'] })
    const names: string[] = data.result.map(({ name }: { name: string }) => name)
    const yesterday = usDate(Date.now() - DAY)
    csv = [
      'Vendor,Invoice #,Amount,Date',
      `"${names[0]}",SHEET-1,"$1,250.50",${yesterday}`,
      `"${names[1]}",SHEET-2,0.29,${yesterday}`,
      `Nobody at all,SHEET-3,5,${yesterday}`,
    ].join('\r\n')
    first = await callOver(url, 'prepare_finexio_invoices', { csv, buyer: 'Example1' })
  })

  it('is prepared without changing anything', async () => {
    expect(first.text).toContain('2 of 3 invoices are ready, $1,250.79 in all.')
    expect(first.data.problems).toMatchObject([{ row: 3, field: 'receiving_counterparty_id' }])
    expect((await tenant.requests()).every(({ method }) => method === 'GET')).toBe(true)
  })

  it('is submitted as prepared, and known the next time', async () => {
    const created = await callOver(url, 'finexio_invoices_bulk_create', { body: first.data.body })
    expect(created.data).toMatchObject({ outcome: 'succeeded', result_count: 2, total_cents: 125_079 })
    const again = await callOver(url, 'prepare_finexio_invoices', { csv, buyer: 'Example1' })
    expect(again.data).toMatchObject({ ready_count: 0, row_count: 3, total: '0.00' })
    const told = again.data.problems.map(({ row, problem }: { row: number; problem: string }) => [
      row,
      problem.slice(0, 17),
    ])
    expect(told).toEqual([
      [1, 'already submitted'],
      [2, 'already submitted'],
      [3, 'no supplier has t'],
    ])
  })

  it('is hidden where one of its reads is', async () => {
    const narrow = await tenant.serve({ methods: ['read'], tags: ['invoices'] })
    const { text } = await callOver(narrow, 'prepare_finexio_invoices', { csv, buyer: 'Example1' })
    expect(text).toBe('Unknown tool: prepare_finexio_invoices')
  })
})
