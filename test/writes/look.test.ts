/** What a look at a changed record proves. Seen on 2026-12-01: a change that was made, and put back later, was told as refused. */
import { expect, test } from 'vitest'
import { suppliers } from '../../schemas/suppliers.ts'
import { lookFor } from '../../src/tools/writing/companions/look.ts'
import { fieldSubjects } from '../../src/tools/writing/subjects.ts'

const LEFT = Date.parse('2026-11-20T12:00:00Z')
const HOUR_MS = 3_600_000
const at = (ms: number) => new Date(ms).toISOString().slice(0, -1)

const look = async (row: object | null) => {
  const [subject] = fieldSubjects(suppliers, { notes: 'ours' }).values()
  const digest = async (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const hex = [...(await digest(subject))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const context = {
    writes: () => ({ digest }),
    now: () => LEFT + 48 * HOUR_MS,
    finexio: { send: async () => ({ status: 200, body: row, rate: null }) },
  }
  const wanted = { target: { id: 's' }, subjects: [hex], since: LEFT }
  return lookFor({ resource: suppliers, method: suppliers.methods.partial_update! }, wanted, context as never)
}

test.each<[string, object, [found: number, whole: boolean]]>([
  ['ours is there', { id: 's', notes: 'ours', updated: at(LEFT) }, [1, false]],
  ['another value, untouched since', { id: 's', notes: 'old', updated: at(LEFT - 2 * HOUR_MS) }, [0, true]],
  ['another value, changed since', { id: 's', notes: 'old', updated: at(LEFT + 5 * HOUR_MS) }, [0, false]],
  ['another value, changed as it left', { id: 's', notes: 'old', updated: at(LEFT) }, [0, false]],
  // Seen on 2026-12-01: told as not changed, and a payee that was void counted as called back again.
  [
    'taken in part, by a clock a second behind',
    { id: 's', notes: 'old', updated: at(LEFT - 1_000) },
    [0, false],
  ],
  ['another value, and no time', { id: 's', notes: 'old' }, [0, false]],
  ['another value, and a time that cannot be read', { id: 's', notes: 'old', updated: 'today' }, [0, false]],
])('%s', async (_, row, [found, whole]) => {
  const seen = await look(row)
  expect([seen.found.size, seen.whole]).toEqual([found, whole])
})
