/** Siblings of the faults in faults.md, which do not stand there, on product and sandbox. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, inject, test } from 'vitest'
import { times } from '../../../support/size.ts'
import { claimed } from './index.ts'
import { openPlace, type Running } from './place.ts'
import type { Place } from './types.ts'

/** Of each kind every sixth at the small size, the first one always. */
const EVERY = times(6, 1)
const asked = Object.values(Object.groupBy(claimed, ({ like }) => like)).flatMap((kind) =>
  kind!.filter((_, at) => at % EVERY === 0),
)
let place: Place

beforeAll(async () => {
  place = await openPlace(inject('stack') as Running, `t-${randomUUID()}`)
})

test.each(asked.map((one) => [`${one.like}: ${one.input}: ${one.right}`, one] as const))(
  '%s',
  async (_, one) => {
    await place.calm()
    expect(await one.wrong(place)).toBeNull()
  },
)
