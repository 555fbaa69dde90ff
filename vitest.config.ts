import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { randomSecrets } from './scripts/local/secrets.ts'
import type { TestSize } from './test/support/size.ts'

const patterns = {
  worker: 'test/**/*.worker.test.ts',
  sandbox: 'test/**/*.sandbox.test.ts',
  live: 'test/**/*.live.test.ts',
}

const readSize = (text = 'small'): TestSize => {
  if (text === 'small' || text === 'full') return text
  throw new Error(`TEST_SIZE is "${text}"; it can be "small" (also when absent) or "full".`)
}

/** Live tests first, of files at once: two for each core of a small machine fill the time in which others wait for a lease or a browser. */
const waiting = { maxWorkers: 4, sequence: { groupOrder: 0 } }

/** All others mostly compute, and each further worker loads the modules anew: at four of them, a part of Node's took 64 s of CPU time and not 37, one of workerd's 86 and not 72. */
const busy = { maxWorkers: 2, sequence: { groupOrder: 1 } }

const provide = { size: readSize(process.env.TEST_SIZE) }

/**
 * What src imports later is here imported at once: within Durable Objects, and where modules are mocked, the runner cannot import later.
 * `npm start` and the live tests do import it later.
 */
const importedAtOnce = {
  name: 'imported-at-once',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!/\/src\/[^?]+\.tsx?$/.test(id)) return undefined
    const paths: string[] = []
    const known = code.replaceAll(/await import\('(\.[^']+)'\)/g, (_, path) => `later${paths.push(path) - 1}`)
    return paths.map((path, index) => `import * as later${index} from '${path}';`).join('') + known
  },
}

/** A second, which is the default, is too short on a slow machine. */
const patient = { poll: { timeout: 30_000 } }

/** One isolate for each worker, since each start of workerd takes seconds; storage is emptied between them. */
const inWorkerd = (name: 'worker' | 'sandbox', configPath: string, bindings: Record<string, string>) => ({
  plugins: [importedAtOnce, cloudflareTest({ wrangler: { configPath }, miniflare: { bindings, cf: false } })],
  test: {
    name,
    include: [patterns[name]],
    setupFiles: ['test/support/fresh-storage.ts'],
    provide,
    expect: patient,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    ...busy,
  },
})

const unit = {
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: Object.values(patterns),
    provide,
    testTimeout: 60_000,
    // What a test stubs it restores, so that files can share their modules: half the time goes into loading them.
    isolate: false,
    ...busy,
  },
}

const live = {
  test: {
    name: 'live',
    include: [patterns.live],
    globalSetup: ['test/support/live-setup.ts'],
    provide,
    expect: patient,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    isolate: false,
    ...waiting,
  },
}

export default defineConfig({
  test: {
    projects: [
      unit,
      live,
      inWorkerd('worker', './wrangler.toml', {
        ...randomSecrets(),
        ADMIN_API_KEY: 'the-root-of-all-tests-4f8Kq2Zx7-Lm',
        LOCAL_DEVELOPMENT: 'true',
      }),
      inWorkerd('sandbox', './sandbox/wrangler.toml', {}),
    ],
  },
})
