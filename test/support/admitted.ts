/** What a token is let in with when it knocks without a Bearer and without a tool call; null when it is not. */
import { admitToken } from '../../src/account/door/admission.ts'
import type { Env } from '../../src/core/env.ts'
import type { Admission } from '../../src/rules/admission.ts'

export const admitted = async (env: Env, token: string): Promise<Admission | null> => {
  const verdict = await admitToken(env, token, { bearer: null, counts: false })
  return verdict.kind === 'admitted' ? verdict.admission : null
}
