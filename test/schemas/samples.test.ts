import { describe, expect, it } from 'vitest'
import { SAMPLES } from './samples.ts'
import { read } from './support.ts'

describe('published shapes', () => {
  it.each(SAMPLES)('%s.%s is read without loss', (resource, method, sample) => {
    expect(read(resource, method, sample)).toEqual(sample)
  })

  it.each(SAMPLES)('%s.%s lets nothing pass that is not declared', (resource, method, sample) => {
    expect(read(resource, method, { ...sample, user: 7, installments: [{ id: 1 }] })).toEqual(sample)
  })

  it.each(SAMPLES)('%s.%s keeps words that no list holds', (resource, method, sample) => {
    const odd = Object.fromEntries(
      Object.entries(sample).map(([name, value]) => [
        name,
        /status|method$/.test(name) && value ? 'Virtual' : value,
      ]),
    )
    expect(read(resource, method, { ...odd, payment_status: sample.payment_status })).toEqual({
      ...odd,
      ...('payment_status' in sample && { payment_status: sample.payment_status }),
    })
  })
})
