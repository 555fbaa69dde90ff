import { expect, test } from 'vitest'
import { version } from '../package.json'
import { VERSION } from '../src/core/version.ts'

test('the version that the Worker tells is that of the package', () => {
  expect(VERSION).toBe(version)
})
