/**
 * One product, as it is deployed, and one sandbox for all live tests of a run; each test makes its own account. Both are built
 * once, also for tests that start a stack of their own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildStack, type StackAddresses, startStack } from '../../scripts/local/stack.ts'
import { chromiumPath } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
    /** Where the built stack is kept: some megabytes, too much to hand to each file. */
    built: string
  }
}

export default async (project: TestProject) => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-built-'))
  const [built] = await Promise.all([buildStack(), chromiumPath()])
  const file = join(folder, 'stack.json')
  writeFileSync(file, JSON.stringify(built))
  const { stop, ...addresses } = await startStack({ built })
  project.provide('stack', addresses)
  project.provide('built', file)
  return async () => {
    await stop()
    rmSync(folder, { recursive: true })
  }
}
