/** Whoever is not let in is told what to do next. At b8f2a26 there was no company sign-in; before this, half of it only said no. */
import { expect, test } from 'vitest'
import { type RefusalKind, refusalOf } from '../../src/identity/provider/refusal.ts'

const KINDS: Record<RefusalKind, true> = {
  wrong_state: true,
  too_late: true,
  code_refused: true,
  next_too_long: true,
  denied: true,
  wrong_issuer: true,
  wrong_audience: true,
  wrong_nonce: true,
  expired: true,
  not_yet_valid: true,
  wrong_signature: true,
  unreadable: true,
  unknown_client: true,
  misconfigured: true,
  unavailable: true,
}

test.each(Object.keys(KINDS) as RefusalKind[])('%s says what to do', (kind) => {
  expect(refusalOf(kind).message).toMatch(/[Ss]tart again|Try again|Tell an administrator|Sign in from/)
})
