/** Every environment of wrangler.toml is whole: environments inherit no binding and no log setting. */

import { expect, test } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { ALIAS } from '../../scripts/local/bundle.ts'

const config = (env?: string) => unstable_readConfig({ config: 'wrangler.toml', ...(env && { env }) })
const top = config()

test.each([undefined, 'staging', 'production'])(
  'environment %s logs no request path and has every binding',
  (env) => {
    const { observability, kv_namespaces, durable_objects, vars, migrations, name, assets } = config(env)
    expect(observability?.logs?.invocation_logs).toBe(false)
    expect(observability?.traces?.enabled).toBe(false)
    expect(kv_namespaces).toEqual(top.kv_namespaces)
    expect(durable_objects.bindings).toEqual(top.durable_objects.bindings)
    expect(Object.keys(vars)).toEqual(Object.keys(top.vars))
    expect(migrations).toEqual(top.migrations)
    // Whatever lies there would be public at its path if it were not for the second one.
    expect(assets).toEqual(top.assets)
    expect(assets?.run_worker_first).toBe(true)
    expect(vars).not.toHaveProperty('LOCAL_DEVELOPMENT')
    expect(name).toBe(env ? `finexio-mcp-${env}` : 'finexio-mcp')
  },
)

// At b8f2a26 production answered at workers.dev as well, past whatever stood in front of its own domain (A21). Siblings: previews.
test('production answers at its own domain alone, and no environment has preview URLs', () => {
  expect(config('production').workers_dev).toBe(false)
  for (const env of [undefined, 'staging', 'production']) expect(config(env).preview_urls).toBe(false)
})

test('every environment is bundled with the modules that npm start, the tests and the benchmark are bundled with', () => {
  for (const env of [undefined, 'staging', 'production']) expect(config(env).alias).toEqual(ALIAS)
  // A name that a later SDK does not have would bring everything back without a word.
  for (const name of Object.keys(ALIAS)) expect(() => import.meta.resolve(name)).not.toThrow()
})
