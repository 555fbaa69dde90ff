/** A desk without a ledger: claims are granted and settlements dropped on the spot, nothing is digested, no object is asked. */
import { bodyOfDraft, type DeskOf, deskAt as deskWithLedger } from '../../src/tools/writing/at-account.ts'
import type { WriteDesk } from '../../src/tools/writing/desk.ts'

const NO_DIGEST = new Uint8Array()

export const deskAt = (of: DeskOf): WriteDesk => ({
  ...deskWithLedger(of),
  digest: async () => NO_DIGEST,
  claim: async ({ key, minted }) => ({ kind: 'claimed', key: key ?? minted }),
  settle: async () => {},
})

export { bodyOfDraft }
