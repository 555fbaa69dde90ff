/** Reads the vectors of Wycheproof that concern what this product does: AES-256-GCM, HKDF-SHA-256, HMAC-SHA-256. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Test = { tcId: number; result: string; size?: number; [field: string]: unknown }
type Group = { keySize: number; ivSize?: number; tagSize?: number; tests: Test[] }

export type Vector = {
  kind: 'aes-gcm' | 'hkdf' | 'hmac'
  id: string
  valid: boolean
  /** Hexadecimal, under the names of Wycheproof. */
  values: Record<string, string>
  /** Bytes of the output, where the vector says how many. */
  bytes: number
}

type Source = { kind: Vector['kind']; file: string; wanted(group: Group): boolean }

/** Keys of 256 bits, initialization vectors of 96, tags of 128: what the envelope uses. */
const asSealed = ({ keySize, ivSize, tagSize }: Group) => keySize === 256 && ivSize === 96 && tagSize === 128

const SOURCES: readonly Source[] = [
  { kind: 'aes-gcm', file: 'aes_gcm_test.json', wanted: asSealed },
  { kind: 'hkdf', file: 'hkdf_sha256_test.json', wanted: () => true },
  { kind: 'hmac', file: 'hmac_sha256_test.json', wanted: () => true },
]

const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'

const vectorsOf = (folder: string, { kind, file, wanted }: Source): Vector[] => {
  const { testGroups } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { testGroups: Group[] }
  return testGroups.filter(wanted).flatMap(({ tests, tagSize = 0 }) =>
    tests.map((test) => ({
      kind,
      id: `${kind} ${test.tcId}`,
      valid: test.result === 'valid',
      values: Object.fromEntries(Object.entries(test).filter(isText)),
      bytes: test.size ?? tagSize / 8,
    })),
  )
}

/** @param folder `testvectors_v1` of a checkout. @throws when a file is missing */
export const readVectors = (folder: string): Vector[] =>
  SOURCES.flatMap((source) => vectorsOf(folder, source))
