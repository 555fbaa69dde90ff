import { describe, expect, it } from 'vitest'
import { checkImageOf, recordOf } from '../../schemas/answers.ts'
import { read } from './support.ts'

const url = 'https://images.invented.example/checks/1.png'

describe('check images', () => {
  it.each([
    ['object', { check_image_url: url }, { check_image_url: url }],
    ['array', [{ check_image_url: url }], { check_image_url: url }],
    ['empty array', [], { check_image_url: null }],
    ['empty object', {}, { check_image_url: null }],
    ['null inside', { check_image_url: null }, { check_image_url: null }],
    ['empty text inside', { check_image_url: '' }, { check_image_url: null }],
    [
      'several',
      [{ check_image_url: url }, { check_image_url: `${url}?back` }],
      { check_image_url: url, more_check_image_urls: [`${url}?back`] },
    ],
  ])('%s', (_, raw, expected) => {
    expect(read('payment_images', 'get', raw)).toEqual(expected)
  })

  // At b8f2a26 each object among these was "not scanned".
  it.each([
    null,
    'gone',
    7,
    true,
    { detail: 'maintenance' },
    { count: 3_185, next: null, results: [] },
    [null],
    { results: [{ title: 'x' }] },
  ])('leaves %j to be refused', (raw) => {
    expect(checkImageOf(raw)).toBeUndefined()
    expect(() => read('payment_images', 'get', raw)).toThrow(/no such record/)
  })
})

describe('a drawdown', () => {
  const drawdown = { processor_request_id: 'DJ-INVENTED', amount_cents: '4500', status: 'received' }
  const expected = { ...drawdown, amount_cents: 4_500 }
  it.each([
    ['object', drawdown],
    ['envelope of one', { count: 1, next: null, previous: null, results: [drawdown] }],
    ['array of one', [drawdown]],
  ])('as %s', (_, raw) => {
    expect(read('drawdowns', 'get', raw)).toEqual(expected)
  })

  it.each([
    ['empty envelope', { count: 0, results: [] }],
    ['two', { results: [drawdown, drawdown] }],
    ['no object', 'text'],
    ['null', null],
    ['another object', { detail: 'Not found.' }],
  ])('is none when the answer is %s', (_, raw) => {
    expect(() => read('drawdowns', 'get', raw)).toThrow()
  })

  it('is not guessed among several', () => {
    expect(recordOf({ results: [drawdown, drawdown] })).toBeUndefined()
  })
})
