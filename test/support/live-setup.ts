/** One product, as it is deployed, and one sandbox for all live tests of a run; each test makes its own account. */
import type { TestProject } from 'vitest/node'
import { type StackAddresses, startStack } from '../../scripts/local/stack.ts'
import { chromiumPath } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackAddresses
  }
}

export default async (project: TestProject) => {
  const [{ stop, ...addresses }] = await Promise.all([startStack({ minify: true }), chromiumPath()])
  project.provide('stack', addresses)
  return stop
}
