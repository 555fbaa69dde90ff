/** What the real wrangler says of a Worker's secrets. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { no, ok, startCloudflare } from './cloudflare.ts'

const wrangler = join(import.meta.dirname, '../../scripts/deploy/wrangler.ts')
const SCRIPT = `import { secretNames } from ${JSON.stringify(wrangler)}
  try { console.log(JSON.stringify(secretNames(undefined))) } catch ({ message }) { console.log(message) }`

/** What `secretNames` comes to when Cloudflare answers so: its names, or what it throws. */
const namesWith = async (answer: ReturnType<typeof no>): Promise<string> => {
  const cloudflare = await startCloudflare(() => answer)
  const { stdout } = await cloudflare.run('--input-type=module', '-e', SCRIPT)
  cloudflare.close()
  return stdout.trim()
}

test('a Worker that was never deployed has none', async () => {
  expect(await namesWith(no(404, 10007, 'This Worker does not exist on your account.'))).toBe('[]')
})

test('a Worker that is there has those it has', async () => {
  expect(await namesWith(ok([{ name: 'TOKEN_PEPPER', type: 'secret_text' }]))).toBe('["TOKEN_PEPPER"]')
})

test.each([
  no(403, 10000, 'Authentication error'),
  no(500, 10013, 'An unknown error has occurred.'),
  no(404, 7003, 'Could not route to the path, perhaps your object identifier is invalid?'),
])('$status $body.errors.0.message: no Worker without secrets', async (answer) => {
  expect(await namesWith(answer)).toMatch(/nothing was changed/)
})
