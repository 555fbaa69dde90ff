import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../src/core/sha256.ts'

const expected = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

test('known answers (FIPS 180-4)', () => {
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('every length around the ends of blocks, and any text, as others compute it', () => {
  for (let length = 0; length < 200; length++)
    expect(sha256Hex('é'.repeat(length))).toBe(expected('é'.repeat(length)))
  // Around the room that is there for rows, and a short one after a long one.
  for (const length of [1_340, 1_341, 1_342, 9_000, 1, 1_341, 0])
    expect(sha256Hex('€'.repeat(length))).toBe(expected('€'.repeat(length)))
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256Hex(text)).toBe(expected(text))
    }),
  )
})
