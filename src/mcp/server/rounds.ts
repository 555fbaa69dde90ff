/**
 * Rounds of one call with the client's own user (multi-round-trip requests of 2026-07-28): a form goes out, its answer comes
 * with the same call again. What ties them together travels through the client: signed, bound to the MCP server, ten minutes.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { Env } from '../../core/env.ts'
import { asObject } from '../../core/json.ts'
import { subkey } from '../../core/keys.ts'
import { capital } from '../../core/words.ts'
import type { Question, Round, RoundState } from '../../tools/contract.ts'

const FORM = 'confirm'
const FIELD = 'typed'
const TTL_SECONDS = 600
/** How the state of one server's calls is signed and read. */
export type Rounds = {
  mint(state: RoundState): Promise<string>
  /** @throws for what was not signed here, for another server, or too long ago */
  verify(state: string): Promise<RoundState>
}

/** The codec looks at the context only where it binds by it; here the server is in the signed state itself. */
const NO_CONTEXT = undefined as unknown as ServerContext

/** @param serverId of the MCP server to which the state is bound */
export const roundsOf = (env: Env, serverId: string): Rounds => {
  const codec = async () =>
    createRequestStateCodec<RoundState & { server: string }>({
      key: await subkey(env, 'request-state signing'),
      ttlSeconds: TTL_SECONDS,
    })
  return {
    mint: async (state) => (await codec()).mint({ ...state, server: serverId }),
    verify: async (text) => {
      const { server, ...state } = await (await codec()).verify(text, NO_CONTEXT)
      if (server !== serverId) throw new Error('bind')
      return state
    },
  }
}

const canBeAsked = ({ mcpReq }: ServerContext): boolean => {
  const declared = asObject(asObject(mcpReq.envelope)?.[CLIENT_CAPABILITIES_META_KEY])
  const elicitation = asObject(declared?.elicitation)
  // An empty declaration means forms.
  return elicitation !== null && (Object.keys(elicitation).length === 0 || elicitation.form !== undefined)
}

const answerIn = ({ mcpReq }: ServerContext): Round['answer'] => {
  const response = inputResponse(mcpReq.inputResponses, FORM)
  if (response.kind !== 'elicit') return null
  const typed = asObject(response.content)?.[FIELD]
  return { action: response.action, typed: typeof typed === 'string' ? typed : null }
}

/** What this message says of earlier rounds. */
export const roundIn = (context: ServerContext): Round => ({
  canAsk: canBeAsked(context),
  state: context.mcpReq.requestState<RoundState>() ?? null,
  answer: answerIn(context),
})

/** The form that is sent in place of a result. */
export const asked = async (
  { message, label, state }: Question,
  rounds: Rounds,
): Promise<InputRequiredResult> =>
  inputRequired({
    inputRequests: {
      [FORM]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: { [FIELD]: { type: 'string', title: capital(label) } },
          required: [FIELD],
        },
      }),
    },
    requestState: await rounds.mint(state),
  })
