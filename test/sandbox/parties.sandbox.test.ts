import { expect, test } from 'vitest'
import { REQUIRED, tenant } from './support.ts'

const me = tenant('parties')

const COUNTERPARTY = {
  name: 'Imaginary Tyre Works LLC',
  type: 'Supplier',
  internal_id: 'imagtyre-01',
  payment_method: 'PrintedCheck',
  address_1: '1 Nowhere Lane',
  city: 'Springfield',
  state: 'IL',
  zipcode: '00000',
}
const SUPPLIER = {
  name: 'Made-Up Metals',
  external_reference_id: 'mum-01',
  payment_method: 'Check',
  delivery_method: 'Mail',
  remit_address_1: '2 Nowhere Lane',
  remit_city: 'Springfield',
  remit_state: 'IL',
  remit_zipcode: '00000',
}
const BUYER = {
  name: 'Invented Hotels',
  external_reference_id: 'HOTEL-1',
  tax_id: '00-0000009',
  funding_method: 'ach_debit',
  drawdown_bank_account_number: '000000000042',
  drawdown_bank_routing_number: '000000000',
  address_1: '3 Nowhere Lane',
  city: 'Springfield',
  state: 'IL',
  zipcode: '00000',
  country: 'USA',
}

test('a counterparty reads back upper-cased, with null for what was left out', async () => {
  const { status, body } = await me.post('/counterparties/', { ...COUNTERPARTY, colour: 'red', id: 'mine' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    internal_id: 'IMAGTYRE-01',
    address_2: null,
    notes: null,
    bank_account_number: null,
    country: 'USA',
    payment_method: 'PrintedCheck',
  })
  expect(body.id).not.toBe('mine')
  expect(body).not.toHaveProperty('colour')
  expect(body.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
  const asSupplier = (await me.get(`/counterparties/suppliers/${body.id}/`)).body
  expect(asSupplier).toMatchObject({
    external_reference_id: 'IMAGTYRE-01',
    payment_method: 'Check',
    delivery_method: 'Mail',
    remit_address_1: '1 Nowhere Lane',
    care_of: '',
    notes: '',
    notification_method: null,
    bank_account_number: null,
    category: null,
    twelve_month_spend: null,
  })
  const renamed = await me.patch(`/counterparties/${body.id}/`, { internal_id: 'again-lower' })
  expect(renamed.body.internal_id).toBe('AGAIN-LOWER')
})

test('list rows of counterparties lack what the single record has', async () => {
  const { results } = (await me.get('/counterparties/?internal_id=VENDOR_ALPHA')).body
  expect(Object.keys(results[0])).not.toContain('twelve_month_spend')
  expect(Object.keys((await me.get(`/counterparties/${results[0].id}/`)).body)).toContain(
    'twelve_month_spend',
  )
})

test.each([
  ['name', { ...COUNTERPARTY, name: undefined }, REQUIRED],
  ['internal_id', { ...COUNTERPARTY, internal_id: undefined }, REQUIRED],
  ['type', { ...COUNTERPARTY, type: undefined }, REQUIRED],
  ['type', { ...COUNTERPARTY, type: 'Buyer' }, [expect.any(String)]],
  ['city', { ...COUNTERPARTY, city: undefined }, [expect.any(String)]],
  ['remit_email', { ...COUNTERPARTY, country: 'CAN' }, [expect.any(String)]],
  ['bank_account_number', { ...COUNTERPARTY, payment_method: 'Wire' }, [expect.any(String)]],
  ['remit_email', { ...COUNTERPARTY, payment_method: 'Card' }, [expect.any(String)]],
  ['state', { ...COUNTERPARTY, state: 'XX' }, [expect.any(String)]],
  ['name', { ...COUNTERPARTY, name: 'x'.repeat(101) }, [expect.any(String)]],
  ['payment_terms', { ...COUNTERPARTY, payment_terms: 366 }, [expect.any(String)]],
  ['internal_id', { ...COUNTERPARTY, internal_id: 'Vendor_Alpha' }, [expect.any(String)]],
])('POST /counterparties/ refuses a wrong %s and stores nothing', async (field, body, messages) => {
  const before = (await me.get('/counterparties/')).body.count
  const answer = await me.post('/counterparties/', body)
  expect(answer.status).toBe(400)
  expect(answer.body[field]).toEqual(messages)
  expect((await me.get('/counterparties/')).body.count).toBe(before)
})

test.each([
  ['mixed', 201, 200],
  ['declared', 201, 200],
  ['rest', 201, 201],
])(
  'statusCodes=%s: creating answers %i and %i, contacts and deletions likewise',
  async (mode, counterparty, other) => {
    const one = tenant(`create-${mode}`)
    await one.set({ statusCodes: mode })
    expect((await one.post('/counterparties/', COUNTERPARTY)).status).toBe(counterparty)
    const supplier = await one.post('/counterparties/suppliers', SUPPLIER)
    expect(supplier.status).toBe(other)
    const buyer = await one.post('/counterparties/buyers', BUYER)
    expect(buyer.status).toBe(other)
    for (const parent of [`suppliers/${supplier.body.id}`, `buyers/${buyer.body.id}`]) {
      const path = `/counterparties/${parent}/contacts`
      const added = await one.post(path, [{ external_reference_id: 'C1', primary: true }])
      expect([added.status, added.body.length]).toEqual([other, 1])
      const gone = await one.call('DELETE', `${path}/C1`)
      expect([gone.status, gone.text]).toEqual(mode === 'rest' ? [204, ''] : [200, 'true'])
      expect((await one.get(path)).body).toEqual([])
    }
  },
)

test('numbers sent as text are accepted for the three fields of 4.3 and come back as numbers', async () => {
  const body = {
    ...SUPPLIER,
    external_reference_id: 'as-text',
    payment_terms: '45',
    twelve_month_payment_count: '10',
  }
  const made = await me.post('/counterparties/suppliers', { ...body, twelve_month_spend: '10000' })
  expect(made.body).toMatchObject({
    payment_terms: 45,
    twelve_month_payment_count: 10,
    twelve_month_spend: 10_000,
  })
  expect((await me.post('/counterparties/suppliers', { ...body, payment_terms: 'soon' })).status).toBe(400)
})

test('references are unique within their kind', async () => {
  expect(
    (await me.post('/counterparties/suppliers', { ...SUPPLIER, external_reference_id: 'twice' })).status,
  ).toBe(200)
  const again = await me.post('/counterparties/suppliers', { ...SUPPLIER, external_reference_id: 'twice' })
  expect(again).toMatchObject({ status: 400, body: { external_reference_id: [expect.any(String)] } })
  expect((await me.post('/counterparties/buyers', { ...BUYER, external_reference_id: 'twice' })).status).toBe(
    200,
  )
  const buyer = await me.post('/counterparties/buyers', { ...BUYER, external_reference_id: 'Example1' })
  expect(buyer).toMatchObject({ status: 400, body: { external_reference_id: [expect.any(String)] } })
})

test('PUT replaces, or merges on demand; external_reference_id is required', async () => {
  const { id } = (
    await me.post('/counterparties/suppliers', {
      ...SUPPLIER,
      external_reference_id: 'put-me',
      notes: 'old',
      care_of: 'Somebody',
    })
  ).body
  const path = `/counterparties/suppliers/${id}/`
  expect((await me.put(path, { name: 'New name' })).body).toEqual({ external_reference_id: REQUIRED })
  const { notes: _, ...full } = { ...SUPPLIER, external_reference_id: 'put-me', notes: '', name: 'New name' }
  expect((await me.put(path, full)).body).toMatchObject({ name: 'New name', notes: '', care_of: '' })
  await me.patch(path, { care_of: 'Somebody else' })
  await me.set({ putMode: 'merge' })
  expect((await me.put(path, { external_reference_id: 'put-me' })).body).toMatchObject({
    care_of: 'Somebody else',
    remit_city: 'Springfield',
  })
  await me.set({ putMode: null })
})

test('PATCH touches only what is sent, empties with null, and keeps conditional rules', async () => {
  const path = '/counterparties/suppliers/sup_999/'
  const before = (await me.get(path)).body
  const { status, body } = await me.patch(path, { notes: 'Ask first', tax_id: null })
  expect(status).toBe(200)
  expect(body).toEqual({ ...before, notes: 'Ask first', tax_id: '', updated: body.updated })
  expect(body.updated > before.updated).toBe(true)
  expect((await me.patch(path, { payment_method: 'Card', delivery_method: null })).body).toHaveProperty(
    'delivery_method',
  )
  expect((await me.patch(path, { name: '' })).body).toEqual({ name: ['This field may not be blank.'] })
})

test('unknown ids are 404, also where the other family has them', async () => {
  for (const path of [
    '/counterparties/none/',
    '/counterparties/suppliers/buy_456/',
    '/counterparties/buyers/sup_123/',
  ])
    expect(await me.get(path)).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
})

test.each([
  ['allow', 200, 'Wire'],
  ['ignore', 200, 'ACH'],
  ['reject', 403, 'ACH'],
])('restrictedUpdates=%s on the older family', async (mode, status, method) => {
  const one = tenant(`restricted-${mode}`)
  await one.set({ restrictedUpdates: mode })
  const answer = await one.patch('/counterparties/sup_999/', { payment_method: 'Wire', notes: 'x' })
  expect(answer.status).toBe(status)
  if (status === 403)
    expect(answer.body).toEqual({ detail: 'You do not have permission to perform this action.' })
  const now = (await one.get('/counterparties/sup_999/')).body
  expect([now.payment_method, now.notes]).toEqual([method, status === 403 ? null : 'x'])
})

test('buyerWrites=reject refuses every write to buyers', async () => {
  const one = tenant('no-buyers')
  await one.set({ buyerWrites: 'reject' })
  expect((await one.post('/counterparties/buyers', BUYER)).status).toBe(403)
  expect((await one.patch('/counterparties/buyers/buy_456/', { dba_name: 'x' })).status).toBe(403)
  expect((await one.post('/counterparties/buyers/buy_456/contacts', [{ primary: true }])).status).toBe(403)
  expect((await one.get('/counterparties/buyers')).status).toBe(200)
})

test('identity numbers of owners are masked when read', async () => {
  const owner = {
    controlling_owner: true,
    first_name: 'Invented',
    last_name: 'Person',
    country_code: 'USA',
    address1: '3 Fictional Road',
    city: 'Nowhereville',
    state: 'FL',
    postal_code: '00000',
    date_of_birth: '1900-01-01',
    email: 'invented.person@hotels.example',
    ssn: '000-00-1234',
  }
  const made = await me.post('/counterparties/buyers', {
    ...BUYER,
    external_reference_id: 'owned',
    owners: [owner],
  })
  expect(made.body.owners[0].ssn).toBe('***1234')
  const wrong = await me.post('/counterparties/buyers', { ...BUYER, owners: [{ ...owner, ssn: undefined }] })
  expect(wrong).toMatchObject({ status: 400, body: { owners: [expect.stringContaining('ssn')] } })
})

test('contacts: object or array, unique references, replaced and deleted by reference', async () => {
  const path = '/counterparties/suppliers/sup_123/contacts'
  const before = (await me.get(path)).body.length
  const contact = { external_reference_id: 'CT-9', name: 'Nobody Real', primary: false }
  expect((await me.post(path, contact)).body).toHaveLength(before + 1)
  expect(await me.post(path, [contact])).toMatchObject({
    status: 400,
    body: { external_reference_id: [expect.any(String)] },
  })
  expect((await me.post(path, { name: 'No flag' })).body).toEqual({ primary: REQUIRED })
  const replaced = await me.put(`${path}/CT-9`, { name: 'Other', primary: true, payment_notification: true })
  expect(replaced.body).toMatchObject({
    external_reference_id: 'CT-9',
    name: 'Other',
    payment_notification: true,
  })
  expect((await me.call('DELETE', `${path}/CT-9`)).body).toBe(true)
  expect((await me.call('DELETE', `${path}/CT-9`)).status).toBe(404)
  await me.set({ contactBody: 'array' })
  expect((await me.post(path, contact)).status).toBe(400)
  await me.set({ contactBody: 'object' })
  expect((await me.post(path, [contact])).status).toBe(400)
  await me.set({ contactBody: null })
})

test('every create and update leaves a history entry, in either shape', async () => {
  const { id } = (await me.post('/counterparties/', { ...COUNTERPARTY, internal_id: 'logged' })).body
  await me.patch(`/counterparties/${id}/`, { payment_terms: 30, ineligible_for_conversion: true })
  const entries = async () => (await me.get(`/counterparties/history?object_id=${id}`)).body.results
  expect((await entries()).map(({ action }: { action: string }) => action)).toEqual(['Updated', 'Created'])
  expect((await entries())[0]).toMatchObject({
    object_id: id,
    actor: 'parties',
    changes: { payment_terms: ['None', '30'], ineligible_for_conversion: ['False', 'True'] },
  })
  await me.patch(`/counterparties/${id}/`, { payment_terms: 45 })
  await me.set({ historyShape: 'openapi' })
  const [latest, two] = await entries()
  expect(latest).toMatchObject({
    objectId: id,
    action: 'Update',
    username: 'parties',
    changes: { field: 'payment_terms', oldValue: 30, newValue: 45 },
  })
  expect(two.changes).toHaveLength(2)
  await me.set({ historyShape: null })
  await me.patch(`/counterparties/${id}/`, { payment_terms: 45 })
  expect(await entries()).toHaveLength(3)
})
