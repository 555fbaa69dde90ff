/**
 * A data folder and other secrets than it was made with. Seen at 452f3913: without `.dev.vars` the tokens of the demo were overwritten, and of
 * another master key nothing was said until calls failed with "a fault on the side of this server".
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import { settleSecrets } from '../../scripts/start/made-with.ts'
import { readSettings } from '../../scripts/start/settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'made-with-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const kept = (name: string) => readFileSync(join(folder, name), 'utf8')
const started = (secrets: ReturnType<typeof randomSecrets>, demo: string) => {
  const said = settleSecrets(folder, secrets, '.dev.vars')
  let before: string | null = null
  try {
    before = kept('demo.json')
  } catch {}
  if (before === null)
    for (const name of ['demo', 'people']) writeFileSync(join(folder, `${name}.json`), demo)
  return { said, before }
}

test.each([
  ['all of them', {}, ['TOKEN_PEPPER', 'MASTER_KEY_V1']],
  ['the master key alone', { TOKEN_PEPPER: true }, ['MASTER_KEY_V1']],
  ['the pepper alone', { MASTER_KEY_V1: true }, ['TOKEN_PEPPER']],
])(
  'other secrets, %s: it says so, loses nothing, and the first ones find their demo again',
  (_, same, named) => {
    const first = randomSecrets()
    const stays = Object.fromEntries(
      Object.keys(same).map((name) => [name, first[name as keyof typeof first]]),
    )
    const other = { ...randomSecrets(), ...stays }
    expect(started(first, 'first')).toEqual({ said: null, before: null })
    expect(started(first, 'x')).toEqual({ said: null, before: 'first' })

    const { said, before } = started(other, 'second')
    expect(before).toBeNull()
    expect(said).toContain(`${named.join(' and ')} than .dev.vars has now`)
    expect(said).toMatch(/Nothing of it was changed or removed\. .* put the file back/)
    // Whom somebody disabled is known by them.
    expect(started(other, 'x')).toEqual({ said: null, before: 'second' })

    const back = started(first, 'x')
    expect([back.before, kept('people.json')]).toEqual(['first', 'first'])
    expect(back.said).toContain('of an earlier start again, and so is the demo')
    expect(started(other, 'x').before).toBe('second')
    for (const secret of Object.values(first))
      if (secret.length > 2) expect(kept('made-with.json')).not.toContain(secret)
  },
)

test('another admin key is nothing that was made with it', () => {
  const secrets = randomSecrets()
  started(secrets, 'first')
  const other = { ...secrets, ADMIN_API_KEY: randomSecrets().ADMIN_API_KEY }
  expect(started(other, 'x')).toEqual({ said: null, before: 'first' })
})

test('a file of secrets that is missing is made anew, beside data that needs the old one', () => {
  const DEV_VARS_FILE = join(folder, 'vars')
  const environment = { DATA_DIR: folder, DEV_VARS_FILE }
  started(readSettings(environment).secrets, 'first')
  rmSync(DEV_VARS_FILE)
  const { secrets, devVarsFile } = readSettings(environment)
  expect(settleSecrets(folder, secrets, devVarsFile)).toContain(`than ${DEV_VARS_FILE} has now`)
})
