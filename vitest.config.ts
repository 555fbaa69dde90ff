import { existsSync } from 'node:fs'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { randomSecrets } from './scripts/local/secrets.ts'

const suffixed = ['test/**/*.worker.test.ts', 'test/**/*.sandbox.test.ts', 'test/**/*.live.test.ts']

const inWorkerd = (name: string, include: string, configPath: string, bindings: Record<string, string>) => ({
  plugins: [cloudflareTest({ wrangler: { configPath }, miniflare: { bindings, cf: false } })],
  test: { name, include: [include], testTimeout: 60_000, hookTimeout: 60_000 },
})

const projects = [
  { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: suffixed, testTimeout: 60_000 } },
  {
    test: {
      name: 'live',
      include: ['test/**/*.live.test.ts'],
      globalSetup: ['test/support/live-setup.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      maxWorkers: 2,
    },
  },
  ...(existsSync('src/index.ts')
    ? [
        inWorkerd('worker', 'test/**/*.worker.test.ts', './wrangler.toml', {
          ...randomSecrets(),
          LOCAL_DEVELOPMENT: 'true',
        }),
      ]
    : []),
  ...(existsSync('sandbox/wrangler.toml')
    ? [inWorkerd('sandbox', 'test/**/*.sandbox.test.ts', './sandbox/wrangler.toml', {})]
    : []),
]

export default defineConfig({ test: { projects } })
