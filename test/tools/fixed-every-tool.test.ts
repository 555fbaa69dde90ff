/**
 * Every tool of the catalogue with each argument that can be fixed, nested ones too: a fixed argument acts as if its caller had given
 * it, is not in the schema, and cannot be given. At b8f2a26 `dry_run`, `reason` and `idempotency_key` vanished and did nothing (A9).
 */
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { isObject, type JsonObject } from '../../src/core/json.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { unwrapped } from '../../src/tools/call/as-meant.ts'
import { callTool } from '../../src/tools/call/call.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { bound, typeAt } from '../../src/tools/visible/as-served.ts'
import { toolPreview } from '../../src/tools/visible/preview.ts'
import { viewOf } from '../../src/tools/visible/view.ts'
import { ASK_NOTHING, argumentsOf } from '../faults/every-tool.ts'
import { environment, fakeFinexio, ONE_ROUND, openWrites } from './fake-finexio.ts'

type Fixed = NonNullable<ServerConfig['fixed']>
type Place = { path: string[]; type: z.ZodType }

/** Everything below a type that is no container itself. */
const placesIn = (declared: unknown, path: string[] = []): Place[] => {
  const type = unwrapped(declared)
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape).flatMap(([key, inner]) => placesIn(inner, [...path, key]))
  if (type instanceof z.ZodArray && unwrapped(type.element) instanceof z.ZodObject)
    return placesIn(type.element, path)
  // What has keys of its own choice, or rows of its own, is no single value.
  const open = [type, type instanceof z.ZodArray && unwrapped(type.element)].some(
    (one) => one instanceof z.ZodRecord,
  )
  return open ? [] : [{ path, type: declared as z.ZodType }]
}

const CANDIDATES: readonly (string | number | boolean | (string | number)[])[] = [
  true,
  1,
  12,
  'sup_123',
  '2026-11-20',
  '2026-11-20T00:00:00Z',
  'https://hooks.acme.com/other',
  'bo@acme.com',
  '021000021',
  'USA',
  'FL',
  'payment.changed',
  ['id'],
  [1],
]

/** A value that a place takes: one of its enumeration, or the first that fits. */
const valueFor = ({ type }: Place) => {
  const inner = unwrapped(type)
  const words = inner instanceof z.ZodEnum ? (inner.options as string[]) : []
  const list = inner instanceof z.ZodArray && unwrapped(inner.element) instanceof z.ZodEnum
  const lists = list ? [[(unwrapped((inner as z.ZodArray).element) as z.ZodEnum).options[0] as string]] : []
  return [...words.toReversed(), ...lists, ...CANDIDATES].find((value) => type.safeParse(value).success)
}

const change = (
  value: unknown,
  [step, ...rest]: readonly string[],
  set: (object: JsonObject, key: string) => void,
): unknown => {
  if (Array.isArray(value)) return value.map((row) => change(row, [step!, ...rest], set))
  const copy: JsonObject = isObject(value) ? { ...value } : {}
  if (rest.length === 0) set(copy, step!)
  else copy[step!] = change(copy[step!], rest, set)
  return copy
}

/** What nested arguments stand in, where a call has it not already. */
const CONTAINERS: Readonly<Record<string, JsonObject[]>> = {
  where: [{ column: 'created', blank: false }],
  body: [],
  contacts: [{ primary: true, name: 'Ann Lee', email: 'ann@acme.com' }],
  owners: [{ first_name: 'Ann', last_name: 'Lee' }],
  line_items: [{ description: 'A chair' }],
}

const withContainers = (args: JsonObject, path: readonly string[]): JsonObject =>
  path.slice(0, -1).reduce((at, step, index) => {
    expect(CONTAINERS, `a container ${step}`).toHaveProperty(step)
    return change(at, path.slice(0, index + 1), (object, key) => {
      object[key] ??= CONTAINERS[step]
    }) as JsonObject
  }, args)

const withValue = (args: unknown, path: readonly string[], value: unknown) =>
  change(args, path, (object, key) => {
    object[key] = value
  }) as JsonObject
/** What is left of a call: its containers stay, the argument goes. */
const withoutValue = (args: unknown, path: readonly string[]) =>
  change(args, path, (object, key) => {
    delete object[key]
  }) as JsonObject

const WRITES_TOO: ServerConfig = { methods: ['read', 'write'], approval: 'always' }

const call = async (tool: Tool, args: object, fixed?: Fixed) => {
  const config: ServerConfig = { ...WRITES_TOO, ...(fixed && { fixed }) }
  const shown = viewOf(config).byName.get(tool.name)!
  const { finexio, sent } = fakeFinexio(({ template }) =>
    template === '/webhooks/{id}/'
      ? { id: 'web_1', url: 'https://hooks.acme.com/f' }
      : { count: 0, next: null, previous: null, results: [] },
  )
  const writes = openWrites()
  const served = bound(shown, tool, config)
  const { result, ran } = await callTool(served, args, environment(finexio, { writes }), ONE_ROUND)
  const { note: _note, ...data } = (result.structuredContent ?? {}) as JsonObject
  const [block] = result.content
  return { sent, data, ran, isError: result.isError === true, text: block?.type === 'text' ? block.text : '' }
}

const pointer = (path: readonly string[]) => `/${path.join('/')}`
let acted = 0

describe.each(catalogue)('$name', (tool) => {
  const base = ASK_NOTHING[tool.name] ?? argumentsOf(tool)
  const places = placesIn(tool.input)

  test('takes each of its arguments as well fixed as given', async () => {
    for (const place of places) {
      const { path } = place
      const value = valueFor(place)
      const args = withContainers(base, path)
      const key = path.length === 1 ? path[0]! : pointer(path)
      expect(value, `a value for ${key}`).toBeDefined()
      const fixed = { [tool.name]: { [key]: value! } } as Fixed
      const problems = toolPreview.problemsOf({ ...WRITES_TOO, fixed }).map(({ message }) => message)
      // What is masked in results is kept in no configuration.
      if (problems.length > 0) {
        expect(problems.join(), key).toMatch(/is not kept in a configuration/)
        continue
      }
      const shown = viewOf({ ...WRITES_TOO, fixed }).byName.get(tool.name)!
      expect(typeAt(shown.input, path), key).toBeUndefined()
      const given = await call(tool, withValue(args, path, value))
      const same = await call(tool, withoutValue(args, path), fixed)
      expect([same.sent, same.data, same.isError], key).toEqual([given.sent, given.data, given.isError])
      acted += Number(given.sent.length > 0)
      const refused = await call(tool, withValue(args, path, value), fixed)
      expect([refused.sent, refused.isError], key).toEqual([[], true])
      expect(refused.text).toContain(`unknown argument "${path.at(-1)}"`)
    }
  })

  test('dry_run fixed for all tools: it reads as before or sends nothing', async () => {
    const fixed = { '*': { dry_run: true } }
    const [plain, fixedToo] = [await call(tool, base), await call(tool, base, fixed)]
    if (tool.effect === 'read' || 'run' in tool) expect(fixedToo.sent).toEqual(plain.sent)
    else {
      expect(
        plain.sent.some(({ effect }) => effect !== 'read'),
        plain.text,
      ).toBe(true)
      expect(fixedToo.sent.filter(({ effect }) => effect !== 'read')).toEqual([])
      expect(fixedToo.data).toMatchObject({ outcome: 'dry_run' })
      expect(fixedToo.text).toMatch(/only rehearses/)
    }
  })

  test('an argument that it does not have is refused where it is named for it, and not applied where it is named for all', async () => {
    const foreign = ['dry_run', 'created_start', 'webhook_id'].find((key) => !(key in tool.input.shape))
    if (foreign === undefined || foreign === 'webhook_id') return
    const value = foreign === 'dry_run' ? true : '2026-11-01'
    const [problem] = toolPreview.problemsOf({ ...WRITES_TOO, fixed: { [tool.name]: { [foreign]: value } } })
    expect(problem?.message).toMatch(new RegExp(`${foreign} is not an argument of ${tool.name}`))
    expect(toolPreview.problemsOf({ ...WRITES_TOO, fixed: { '*': { [foreign]: value } } })).toEqual([])
  })
})

test('most of that was about requests that left', () => {
  expect(acted).toBeGreaterThan(300)
})
