/** `/integrated-account/:account/tools` and `…/capabilities`: what a filter would show, before a server is made with it. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, serversOf } from '../account/account-stub.ts'
import { effectiveConfig, type ServerConfig, ServerConfigInput } from '../rules/server-settings.ts'
import { type Described, toolPreview } from '../tools/visible/preview.ts'
import { existingAccount } from './accounts/existing-account.ts'
import { count, uuid } from './answers.ts'
import type { App } from './auth.ts'
import { ApiError, invalid, invalidInput } from './errors.ts'
import { flag } from './input.ts'
import { type Asked, route } from './route.ts'

const ToolsAnswer = z.object({
  list_tokens: count.describe('About how many tokens tools/list costs in every chat.'),
  result: z.array(
    z.looseObject({
      resource: z.string(),
      method: z.string(),
      name: z.string(),
      description: z.string(),
      effect: z.enum(['read', 'write', 'money']),
      required: z.array(z.string()).describe('Arguments without which it cannot be called.'),
    }),
  ),
})

const CapabilitiesAnswer = z.object({
  integration: z
    .object({
      id: z.string(),
      name: z.string(),
      label: z.string().describe('Name for people.'),
      category: z.string().describe('Kind of integration.'),
    })
    .describe('Finexio.'),
  environment_id: z.null().describe('Always null.'),
  proxy: z
    .array(
      z.object({
        resource: z.string(),
        methods: z
          .array(
            z.object({
              method: z.string(),
              name: z.string(),
              description: z.string(),
              has_description: z.boolean().describe('Whether it has a description.'),
              has_query_schema: z.boolean().describe('Whether it takes query parameters.'),
              has_body_schema: z.boolean().describe('Whether it takes a body.'),
              has_response_schema: z.boolean().describe('Whether its answer is described.'),
              api_documentation_url: z.null().describe('Always null.'),
            }),
          )
          .describe('What can be done with it.'),
      }),
    )
    .describe('What there is, by resource.'),
  unified: z.array(z.never()).describe('There is no unified API.'),
  auth: z
    .object({
      formats: z.array(z.string()).describe('Kinds of authentication.'),
      fields: z.array(z.string()).describe('What credentials consist of.'),
      documentation_link: z.null().describe('Always null.'),
    })
    .describe('How accounts sign in at Finexio.'),
  ai_readiness: z
    .object({
      proxy_methods: z.int().describe('How many there are.'),
      proxy_methods_with_descriptions: z.int().describe('How many of them are described.'),
      ai_ready_score: z.number().min(0).max(1).describe('The share of them, from 0 to 1.'),
    })
    .describe('How well the operations are described.'),
  account: z
    .object({
      id: uuid,
      status: z.enum(['active', 'needs_reauth']),
      authentication_method: z.string().describe('basic.'),
      is_blocked: z.boolean().describe('true: writes are stopped.'),
    })
    .describe('The account.'),
})

const list = z
  .string()
  .max(4_000)
  .transform((text) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  )

const Preview = z.object({
  methods: list.optional(),
  tags: list.optional().describe('Only tools with one of these tags, separated by commas.'),
  tools: list.optional(),
  tool_exposure: z
    .enum(['all', 'discovery'])
    .optional()
    .describe('discovery: the short list that finds, describes and calls tools.'),
  mcp_id: z
    .uuid()
    .optional()
    .describe('Id of an MCP server whose tools are shown, in the place of a filter.'),
})

const Capabilities = z.object({
  type: z
    .enum(['proxy', 'unified', 'all'])
    .default('all')
    .describe('unified: nothing, since there is no unified API.'),
  methods: list.optional(),
  resource: z.string().max(64).optional(),
  has_description: flag.default(true).describe('false: those without a description too.'),
})

/** A filter that lets nothing through shows nothing; one that names what does not exist is refused. */
const configOf = async (
  c: Context<App>,
  accountId: string,
  { mcp_id, ...filter }: z.infer<typeof Preview>,
): Promise<ServerConfig> => {
  if (mcp_id === undefined) {
    const checked = ServerConfigInput.safeParse(filter)
    if (!checked.success) throw invalidInput(checked.error)
    const misnamed = toolPreview.misnamedIn(checked.data)
    if (misnamed.length > 0) throw invalid(misnamed)
    return checked.data
  }
  const server = await serversOf(accountObject(c.env, accountId)).read(mcp_id.toLowerCase())
  if (!server) throw new ApiError(404, 'This account has no MCP server with this mcp_id.')
  return server.config
}

const preview = async ({ c, accountId, query }: Asked<z.infer<typeof Preview>, unknown>) => {
  const account = await existingAccount(c, accountId)
  const config = effectiveConfig(await configOf(c, accountId, query), account)
  return { result: toolPreview.toolsOf(config), list_tokens: toolPreview.tokensOf(config) }
}

const FINEXIO = { id: 'finexio', name: 'finexio', label: 'Finexio', category: 'Accounts payable' }

const methodShown = ({
  method,
  name,
  description,
  query_schema,
  body_schema,
  response_schema,
}: Described) => ({
  method,
  name,
  description,
  has_description: description !== '',
  has_query_schema: query_schema !== null,
  has_body_schema: body_schema !== null,
  has_response_schema: response_schema !== null,
  api_documentation_url: null,
})

/** How many of a set are described: what a model can work with. */
const readiness = (tools: readonly Described[]) => {
  const described = tools.filter(({ description }) => description !== '').length
  return {
    proxy_methods: tools.length,
    proxy_methods_with_descriptions: described,
    ai_ready_score: tools.length === 0 ? 0 : described / tools.length,
  }
}

const capabilities = async ({ c, accountId, query }: Asked<z.infer<typeof Capabilities>, unknown>) => {
  const account = await existingAccount(c, accountId)
  const { type, methods, resource, has_description } = query
  const wanted = toolPreview.all.filter(
    (tool) =>
      type !== 'unified' &&
      (!methods || methods.includes(tool.method)) &&
      (!resource || resource === tool.resource) &&
      (!has_description || tool.description !== ''),
  )
  const proxy = [...Map.groupBy(wanted, (tool) => tool.resource)].map(([name, tools]) => ({
    resource: name,
    methods: tools.map(methodShown),
  }))
  return {
    integration: FINEXIO,
    environment_id: null,
    proxy,
    unified: [],
    auth: { formats: ['basic'], fields: ['username', 'password'], documentation_link: null },
    ai_readiness: readiness(toolPreview.all),
    account: {
      id: account.id,
      status: account.status,
      authentication_method: 'basic',
      is_blocked: account.writes_stopped,
    },
  }
}

const ACCOUNT = '/integrated-account/:account'

export const toolRoutes = [
  route('GET', `${ACCOUNT}/tools`, 'previewTools', {
    role: ['manage', 'audit'],
    says: 'Preview the tools of a filter, or of a server by mcp_id',
    query: Preview,
    answer: ToolsAnswer,
    handler: preview,
  }),
  route('GET', `${ACCOUNT}/capabilities`, 'getCapabilities', {
    role: ['manage', 'audit'],
    says: 'What there is, by resource and method',
    query: Capabilities,
    answer: CapabilitiesAnswer,
    handler: capabilities,
  }),
]
