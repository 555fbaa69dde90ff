/**
 * SHA-256 (FIPS 180-4) without a promise: a row gets its hash in the transaction that writes it, where Web Crypto, which
 * answers later, cannot be waited for. Of public text alone; whatever involves a key uses Web Crypto.
 */
const UTF8 = new TextEncoder()

const isPrime = (number: number): boolean => {
  for (let by = 2; by * by <= number; by++) if (number % by === 0) return false
  return true
}
const PRIMES = Array.from({ length: 311 }, (_, index) => index + 2).filter(isPrime)
const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0

/** The first 32 bits of the fractional parts of cube and square roots of the first primes. */
const ROUNDS = Int32Array.from(PRIMES.slice(0, 64), (prime) => fraction(Math.cbrt(prime)))
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))

/** The most that UTF-8 makes of one unit of UTF-16, and what is added behind the message at most. */
const [WIDEST, ADDED] = [3, 72]

/** Of a row of the trail, whose text is bounded; made once, since memory outside the heap is dear. Used by one call at a time, since none waits. */
const ROOM = new Uint8Array(4_096)

/** The message with the bit 1, zeros, and its length in bits at the end of its last block. */
const padded = (text: string): Uint8Array => {
  const most = text.length * WIDEST + ADDED
  const bytes = most > ROOM.length ? new Uint8Array(most) : ROOM.fill(0)
  const { written } = UTF8.encodeInto(text, bytes)
  const size = ((written + ADDED) >> 6) << 6
  const view = new DataView(bytes.buffer)
  bytes[written] = 0x80
  view.setUint32(size - 8, Math.floor(written / 2 ** 29))
  view.setUint32(size - 4, (written << 3) >>> 0)
  return bytes.subarray(0, size)
}

/** The same. */
const WORDS = new Int32Array(64)

/** Fills the schedule of one block. */
const schedule = (words: Int32Array, bytes: Uint8Array, at: number): void => {
  for (let t = 0; t < 16; t++) {
    const byte = at + t * 4
    words[t] = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!
  }
  for (let t = 16; t < 64; t++) {
    const x = words[t - 15]!
    const y = words[t - 2]!
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    words[t] = (words[t - 16]! + low + words[t - 7]! + high) | 0
  }
}

/** Takes one block into the state. Names are those of the standard. */
const compress = (state: Int32Array, words: Int32Array): void => {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let t = 0; t < 64; t++) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const first = (h + high + ((e & f) ^ (~e & g)) + ROUNDS[t]! + words[t]!) | 0
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  // Int32Array wraps by itself.
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

const hexOf = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** @param text hashed as UTF-8 @returns 64 digits in lower case */
export const sha256Hex = (text: string): string => {
  const bytes = padded(text)
  const state = START.slice()
  for (let at = 0; at < bytes.length; at += 64) {
    schedule(WORDS, bytes, at)
    compress(state, WORDS)
  }
  let digits = ''
  for (const word of state) digits += hexOf(word)
  return digits
}
