/** What a mistyped path may mean, also behind `/api` and by a part of a name. */
import { expect, test } from 'vitest'
import { nearPath } from '../../src/api/near-path.ts'
import { ROUTES } from '../../src/api/routes.ts'

const PATHS = ROUTES.map(({ path }) => path)

test.each([
  ['/acounts', '/integrated-account'],
  ['/api/log/verfy', '/log/verify'],
  ['/api/log/verify', '/log/verify'],
  ['/log/exprot', '/log/export'],
  ['/integrated-account/acc/mpc', '/integrated-account/{account}/mcp'],
  ['/integrated-acount/acc/histroy', '/integrated-account/{account}/history'],
  ['/persons', '/person'],
])('%s may be meant as %s', (path, near) => {
  expect(nearPath(path, PATHS)).toBe(near)
})

test.each(['/', '/mpc/the-token', '/wp-login.php', '/a/b/c', '/x'.repeat(5_000), `/${'a'.repeat(10_000)}`])(
  'nothing is near %.20s',
  (path) => {
    expect(nearPath(path, PATHS)).toBeNull()
  },
)
