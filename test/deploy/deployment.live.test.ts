/** `npm run deploy` from a clean clone, with the real wrangler: storage is made, secrets are uploaded, logs are quiet. */
import { expect, test } from 'vitest'
import { type Asked, no, ok, startCloudflare } from './cloudflare.ts'

const NAMESPACE = 'f'.repeat(32)
const NOT_THERE = no(404, 10007, 'This Worker does not exist on your account.')

/** An account of Cloudflare without any Worker. */
const empty = ({ method, path }: Asked) => {
  if (/^\/workers\/services\//.test(path)) return no(404, 10090, 'workers.api.error.service_not_found')
  if (/\/(secrets|settings|deployments)$/.test(path)) return NOT_THERE
  if (path === '/storage/kv/namespaces') return ok(method === 'GET' ? [] : { id: NAMESPACE })
  // It has all files already, so that none is asked for.
  if (path.endsWith('/assets-upload-session')) return ok({ jwt: 'of-the-files', buckets: [] })
  if (path === '/workers/subdomain') return ok({ subdomain: 'me' })
  const subdomain = { enabled: true, previews_enabled: false }
  return ok({ id: 'w', name: 'w', subdomain, startup_time_ms: 1, ...subdomain })
}

type Metadata = {
  bindings: { name: string; type: string; text?: string; namespace_id?: string; class_name?: string }[]
  migrations: { steps: { new_sqlite_classes: string[] }[] }
  observability: object
  keep_bindings: string[]
  assets: { jwt: string }
}

const metadataOf = ({ body }: Asked): Metadata =>
  JSON.parse(/name="metadata"\r\n(?:[^\r]+\r\n)*\r\n(\{.*?\})\r\n/s.exec(body)![1]!)

test('a first deployment makes what it needs and uploads it in one piece', async () => {
  const cloudflare = await startCloudflare(empty)
  const { status, stdout, stderr } = await cloudflare.run('scripts/deploy/main.ts', '--env', 'staging')
  cloudflare.close()
  expect([status, stderr]).toEqual([0, ''])
  const created = cloudflare.asked.filter(
    ({ method, path }) => method === 'POST' && path.startsWith('/storage'),
  )
  expect(created.map(({ body }) => JSON.parse(body).title).toSorted()).toEqual([
    'finexio-mcp-staging-oauth-kv',
    'finexio-mcp-staging-vault',
  ])
  const upload = cloudflare.asked.find(
    ({ method, path }) => method === 'PUT' && /scripts\/[^/]+$/.test(path),
  )!
  expect(upload.path).toBe('/workers/scripts/finexio-mcp-staging')
  const { bindings, migrations, observability, keep_bindings, assets } = metadataOf(upload)
  const files = cloudflare.asked.find(({ path }) => path.endsWith('/assets-upload-session'))!
  expect(Object.keys(JSON.parse(files.body).manifest)).toContain('/cards/payments.html')
  expect(assets.jwt).toBe('of-the-files')
  const ofType = (type: string) => bindings.filter((one) => one.type === type)
  const secrets = ofType('secret_text')
  expect(secrets.map(({ name }) => name)).toEqual(['TOKEN_PEPPER', 'MASTER_KEY_V1', 'MASTER_KEY_PRIMARY'])
  for (const { name, text } of secrets) expect([name, stdout.includes(text!)]).toEqual([name, text === '1'])
  // As in the build of a button: the log is read by others.
  expect(stdout).toContain('npx wrangler secret put ADMIN_API_KEY')
  expect(ofType('kv_namespace')).toEqual([
    expect.objectContaining({ name: 'VAULT', namespace_id: NAMESPACE }),
    expect.objectContaining({ name: 'OAUTH_KV', namespace_id: NAMESPACE }),
  ])
  const classes = ofType('durable_object_namespace').map((one) => one.class_name!)
  expect(migrations.steps.flatMap((step) => step.new_sqlite_classes).sort()).toEqual(classes.sort())
  expect(observability).toEqual({
    enabled: true,
    logs: { enabled: true, invocation_logs: false },
    traces: { enabled: false },
  })
  // The next deployment leaves secrets alone.
  expect(keep_bindings).toContain('secret_text')
})
