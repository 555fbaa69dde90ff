/** A stack of its own for a live test, of what live-setup.ts built: bundling it costs more than starting it. */
import { readFileSync } from 'node:fs'
import { inject } from 'vitest'
import { type BuiltStack, type Stack, type StackOptions, startStack } from '../../scripts/local/stack.ts'

let read: BuiltStack | undefined

/** The Workers as they are deployed. */
export const builtStack = (): BuiltStack => {
  read ??= JSON.parse(readFileSync(inject('built'), 'utf8')) as BuiltStack
  return read
}

/** @throws when a port is taken */
export const startBuilt = (options: StackOptions = {}): Promise<Stack> =>
  startStack({ built: builtStack(), ...options })
