/** Writes without a ledger: claims are granted and settlements dropped on the spot, nothing is digested, no object is asked. */
import {
  bodyOfDraft,
  type Writes,
  type WritesOf,
  writesAt as writesWithLedger,
} from '../../src/tools/writing/writes.ts'

const NO_DIGEST = new Uint8Array()

export const writesAt = (of: WritesOf): Writes => ({
  ...writesWithLedger(of),
  digest: async () => NO_DIGEST,
  claim: async ({ key, minted }) => ({ kind: 'claimed', key: key ?? minted }),
  settle: async () => {},
})

export { bodyOfDraft }
