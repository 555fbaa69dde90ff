/** Finds declarations by name and shortens their verdicts, for the tests of `schemas/`. */
import type * as z from 'zod'
import type { Method } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { readAs } from '../../schemas/readable.ts'

export const methodOf = (resource: string, method: string): Method => {
  const found = resources.find(({ name }) => name === resource)?.methods[method]
  if (!found) throw new Error(`${resource}.${method} is not declared`)
  return found
}

export const bodyOf = (resource: string, method: string) => methodOf(resource, method).body as z.ZodObject

/** Paths of what is wrong with a body, such as `owners.0.ssn`. */
export const problemsOf = (resource: string, method: string, value: unknown): string[] => {
  const parsed = bodyOf(resource, method).safeParse(value)
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

export const without = (value: Record<string, unknown>, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

/** A record as the tools read it. @throws when it is no such record */
export const read = (resource: string, method: string, raw: unknown): Record<string, unknown> => {
  const { normalize, gives } = methodOf(resource, method)
  if (!gives) throw new Error(`${resource}.${method} gives no record`)
  const record = readAs(gives, normalize ? normalize(raw) : raw)
  if (!record) throw new Error(`no such record: ${resource}.${method}`)
  return record
}
