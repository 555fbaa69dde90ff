/** A data folder or a file of secrets that cannot be used. Seen until now, and at b8f2a26: "ENOENT: no such file or directory, mkdir ''". */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readKept } from '../../scripts/start/kept.ts'
import { lockFolder } from '../../scripts/start/lock.ts'
import { readSettings } from '../../scripts/start/settings.ts'
import { inWords } from '../../scripts/start/unusable.ts'

const folder = mkdtempSync(join(tmpdir(), 'unusable-'))
afterAll(() => rmSync(folder, { recursive: true }))
const within = (name: string) => join(folder, name)

writeFileSync(within('file'), '')
symlinkSync(within('nowhere'), within('link'))
mkdirSync(within('locked/lock'), { recursive: true })

const said = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return inWords(error)
  }
  return 'nothing'
}

// A file that another user wrote "cannot be read: an earlier npm start may have been cut off. Remove it" was seen until now.
// Siblings of the empty name: a file, a link that leads nowhere, a folder where a file is wanted, a folder that is not there.
test.each<[string, () => unknown, RegExp]>([
  ['an empty DATA_DIR', () => lockFolder(''), /not there/],
  ['a file as DATA_DIR', () => lockFolder(within('file')), /file and not a folder/],
  ['a folder below a file', () => lockFolder(within('file/data')), /a part of its path is a file/],
  ['a link that leads nowhere', () => lockFolder(within('link')), /not there|leads nowhere/],
  // At b8f2a26 and until now npm start hung there. Siblings: deeper, below a process, a device.
  ['a folder where none can be made', () => lockFolder('/proc/x'), /not there|may not/],
  ['a folder deep below there', () => lockFolder('/proc/x/y/z'), /not there|may not/],
  ['a folder below a process', () => lockFolder('/proc/self/x'), /not there|may not/],
  ['a device', () => lockFolder('/dev/null'), /file and not a folder/],
  ['a lock that is a folder', () => lockFolder(within('locked')), /folder and not a file/],
  ['a folder where the demo is kept', () => readKept(within('locked'), []), /folder and not a file/],
  ['an empty DEV_VARS_FILE', () => readSettings({ DEV_VARS_FILE: '' }), /not there/],
  ['a folder as DEV_VARS_FILE', () => readSettings({ DEV_VARS_FILE: folder }), /folder and not a file/],
  ['no folder for it', () => readSettings({ DEV_VARS_FILE: within('none/vars') }), /folder above it is not/],
])('%s is told with the settings to look at', (_, work, words) => {
  const text = said(work)
  expect(text).toMatch(words)
  expect(text).toMatch(/cannot be used: .*DATA_DIR.*DEV_VARS_FILE/)
  expect(text).not.toMatch(/\bE[A-Z]{4,}\b/)
})

test('what says itself what to do stays as it is', () => {
  writeFileSync(within('demo.json'), '{"accountId":')
  expect(said(() => readKept(within('demo.json'), []))).toMatch(/demo\.json cannot be read: .*Remove it/)
  expect(inWords('text')).toBe('text')
  const failed = Object.assign(new Error('x'), { code: 'ERR_RUNTIME_FAILURE' })
  expect(inWords(failed)).toMatch(/runtime did not start.*DATA_DIR/)
})
