import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openapi } from './invented-openapi.ts'

const folder = mkdtempSync(join(tmpdir(), 'drift-'))
afterAll(() => rmSync(folder, { recursive: true }))

const drift = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/schemas-drift/main.ts', ...args], { encoding: 'utf8' })

const fileOf = (name: string, content: string) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('npm run schemas:drift', () => {
  it('prints what is new and what is stale, and fails', () => {
    const { status, stdout } = drift(fileOf('pets.json', JSON.stringify(openapi())))
    expect(stdout).toContain('added   GET /pets/\n        Finexio: present\n        schemas: none')
    expect(stdout).toContain('removed GET /payments/\n')
    expect(stdout).toMatch(/notice {2}GET \/payments\/ {2}response currency type no longer differs/)
    expect(stdout).toMatch(/\d+ new differences, 0 accepted, \d+ acceptances stale\.\n$/)
    expect(status).toBe(1)
  })

  it.each([
    ['no argument', [], 'Usage: npm run schemas:drift -- <openapi.json>'],
    ['a file that is not there', [join(folder, 'none.json')], 'Cannot compare with'],
    ['no JSON', [fileOf('page.html', '<html>')], 'Cannot compare with'],
    ['another JSON', [fileOf('other.json', '{}')], 'This is no OpenAPI file'],
  ])('says what is wrong with %s', (_, args, message) => {
    const { status, stderr } = drift(...args)
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })
})
