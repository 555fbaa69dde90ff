import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { randomSecrets } from './scripts/local/secrets.ts'

const patterns = {
  worker: 'test/**/*.worker.test.ts',
  sandbox: 'test/**/*.sandbox.test.ts',
  live: 'test/**/*.live.test.ts',
}

const inWorkerd = (name: 'worker' | 'sandbox', configPath: string, bindings: Record<string, string>) => ({
  plugins: [cloudflareTest({ wrangler: { configPath }, miniflare: { bindings, cf: false } })],
  test: { name, include: [patterns[name]], testTimeout: 60_000, hookTimeout: 60_000 },
})

const unit = {
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: Object.values(patterns),
    testTimeout: 60_000,
  },
}

const live = {
  test: {
    name: 'live',
    include: [patterns.live],
    globalSetup: ['test/support/live-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
}

export default defineConfig({
  test: {
    projects: [
      unit,
      live,
      inWorkerd('worker', './wrangler.toml', { ...randomSecrets(), LOCAL_DEVELOPMENT: 'true' }),
      inWorkerd('sandbox', './sandbox/wrangler.toml', {}),
    ],
  },
})
