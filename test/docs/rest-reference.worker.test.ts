import { expect, test } from 'vitest'
import file from '../../assets/openapi.json?raw'
import reference from '../../docs/rest-reference.md?raw'
import { type ApiDescription, restReference } from '../../scripts/docs/rest-reference.ts'
import { description } from '../../src/api/openapi.ts'
import { GROUPS, ROUTES } from '../../src/api/routes.ts'

const made = description(GROUPS)

test('the file behind GET /openapi.json is what the routes say of themselves; otherwise run npm run assets', () => {
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(made)))
})

test('docs/rest-reference.md is what the API says of itself; otherwise run npm run docs', () => {
  expect(restReference(made as unknown as ApiDescription)).toBe(reference)
})

test('every operation has its place in it, and every link leads to a heading', () => {
  for (const { id, verb, path } of ROUTES) {
    expect(reference).toContain(`### ${id}\n`)
    expect(reference).toContain(`\`${verb} ${path.replaceAll(/:([a-z]+)/g, '{$1}')}\``)
  }
  const headings = new Set(
    [...reference.matchAll(/^#+ (.*)$/gm)].map(([, text]) => text!.toLowerCase().replaceAll(' ', '-')),
  )
  const links = [...reference.matchAll(/\]\(#([^)]*)\)/g)].map(([, to]) => to!)
  expect(links.filter((to) => !headings.has(to))).toEqual([])
})
