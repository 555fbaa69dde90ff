/** Bounds of what a program or a browser may send: looked at before anything is stored, fetched or looked up. */

/** In bytes of UTF-8. `state` comes back with the answer, so that it is the client's and not ours to keep. */
const MOST: Readonly<Record<string, number>> = {
  response_type: 64,
  client_id: 512,
  redirect_uri: 2048,
  scope: 1024,
  state: 1024,
  code_challenge: 128,
  code_challenge_method: 16,
  resource: 1024,
  grant_type: 128,
  code: 256,
  refresh_token: 256,
  token: 256,
  token_type_hint: 64,
  code_verifier: 128,
  client_secret: 256,
  client_assertion: 8192,
  client_assertion_type: 256,
}

const CONTROL = /[\x00-\x1f\x7f]/

const faultOf = (name: string, values: readonly string[], most: number): string | null => {
  // RFC 8707, section 2, alone lets a parameter come several times.
  if (values.length > 1 && name !== 'resource') return `The parameter ${name} comes more than once.`
  if (values.length > 8) return `The parameter ${name} comes too often.`
  for (const value of values) {
    if (new TextEncoder().encode(value).byteLength > most)
      return `The parameter ${name} is too long: at most ${most} bytes.`
    if (CONTROL.test(value)) return `The parameter ${name} holds a control character.`
  }
  return null
}

/**
 * What is wrong with the parameters of a request, in a sentence that repeats no value; null: nothing. Empty ones count as
 * absent and unknown ones are ignored (RFC 6749, section 3.1).
 */
export const parameterFault = (params: URLSearchParams): string | null => {
  for (const [name, most] of Object.entries(MOST)) {
    const fault = faultOf(
      name,
      params.getAll(name).filter((value) => value !== ''),
      most,
    )
    if (fault !== null) return fault
  }
  return null
}
