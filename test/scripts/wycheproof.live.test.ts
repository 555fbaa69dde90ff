/** The runner for Wycheproof's vectors, on vectors that Node made: it counts, and it finds what is wrong. */
import { spawnSync } from 'node:child_process'
import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-wycheproof-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const hex = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(bytes as Uint8Array).toString('hex')

const gcm = (tcId: number, keyBytes = 32) => {
  const [key, iv, aad, msg] = [randomBytes(keyBytes), randomBytes(12), randomBytes(7), randomBytes(30)]
  const cipher = createCipheriv(keyBytes === 32 ? 'aes-256-gcm' : 'aes-128-gcm', key, iv).setAAD(aad)
  const ct = Buffer.concat([cipher.update(msg), cipher.final()])
  const tag = cipher.getAuthTag()
  const values = { key: hex(key), iv: hex(iv), aad: hex(aad), msg: hex(msg), ct: hex(ct), tag: hex(tag) }
  return { tcId, ...values, result: 'valid' }
}

const hkdf = (tcId: number, size: number) => {
  const [ikm, salt, info] = [randomBytes(22), randomBytes(13), randomBytes(10)]
  const okm = size <= 8160 ? hex(hkdfSync('sha256', ikm, salt, info, size)) : ''
  return {
    tcId,
    ikm: hex(ikm),
    salt: hex(salt),
    info: hex(info),
    size,
    okm,
    result: okm ? 'valid' : 'invalid',
  }
}

const hmac = (tcId: number, bytes: number) => {
  const [key, msg] = [randomBytes(32), randomBytes(50)]
  const tag = createHmac('sha256', key).update(msg).digest().subarray(0, bytes)
  return { tcId, key: hex(key), msg: hex(msg), tag: hex(tag), result: 'valid' }
}

const SIZES = { keySize: 256, ivSize: 96, tagSize: 128 }
const write = (file: string, ...testGroups: object[]) =>
  writeFileSync(join(folder, file), JSON.stringify({ testGroups }))

const run = () => {
  const script = join(import.meta.dirname, '../../scripts/wycheproof/main.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' })
  return { status, lines: stdout.trim().split('\n'), stderr }
}

test('valid vectors come out, invalid ones are refused, and other sizes are left out', () => {
  const forged = { ...gcm(2), tag: hex(randomBytes(16)), result: 'invalid' }
  write(
    'aes_gcm_test.json',
    { ...SIZES, tests: [gcm(1), forged] },
    { ...SIZES, keySize: 128, tests: [gcm(3, 16)] },
  )
  write('hkdf_sha256_test.json', { keySize: 176, tests: [hkdf(1, 42), hkdf(2, 8160), hkdf(3, 8161)] })
  write(
    'hmac_sha256_test.json',
    { ...SIZES, tests: [hmac(1, 16)] },
    { ...SIZES, tagSize: 256, tests: [hmac(2, 32)] },
  )
  expect(run()).toEqual({ status: 0, lines: ['aes-gcm: 2 of 2', 'hkdf: 3 of 3', 'hmac: 2 of 2'], stderr: '' })
})

test('what comes out otherwise is named', () => {
  write('aes_gcm_test.json', { ...SIZES, tests: [{ ...gcm(1), aad: '00' }] })
  write('hkdf_sha256_test.json', {
    keySize: 176,
    tests: [hkdf(1, 42), { ...hkdf(2, 42), result: 'invalid' }],
  })
  write('hmac_sha256_test.json', { ...SIZES, tests: [{ ...hmac(1, 16), msg: '00' }] })
  const { status, lines, stderr } = run()
  expect([status, lines]).toEqual([1, ['aes-gcm: 0 of 1', 'hkdf: 1 of 2', 'hmac: 0 of 1']])
  expect(stderr).toContain('aes-gcm 1, hkdf 2, hmac 1')
})
