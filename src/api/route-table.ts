/** Every route of the management API, once: what it takes, what it answers. Its description, its 405s and the trail read this. */
import type * as z from 'zod'
import { AccountChange, NewAccount } from './accounts.ts'
import * as answers from './answers.ts'
import { NewApiToken } from './api-tokens.ts'
import { Decision, Drafts } from './approvals.ts'
import { Page } from './input.ts'
import { Known } from './log-query.ts'
import { Export, From } from './logs.ts'
import { NewSecret } from './secrets.ts'
import { NewServer, Rotation, ServerChange } from './servers.ts'
import { Capabilities, Preview } from './tools.ts'
import { UsageQuery } from './usage.ts'
import { Switch } from './writes.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Route = {
  verb: Verb
  /** With `:names` where ids stand. */
  path: string
  summary: string
  query?: z.ZodObject
  body?: z.ZodType
  /** True where a request may come without a body. */
  bodyOptional?: true
  answer: z.ZodType
  /** Of success; 200 unless said. */
  status?: 201
  /** Media types other than JSON. */
  media?: readonly string[]
}

export const ACCOUNT = '/integrated-account/:account'
const SERVER = `${ACCOUNT}/mcp/:server`
const APPROVAL = '/approval/:approval'
const SECRET = `${ACCOUNT}/secret/:name`
const { pageAnswer } = answers

export const ROUTES: readonly Route[] = [
  {
    verb: 'POST',
    path: '/integrated-account',
    summary: 'Connect a Finexio account; its credentials are checked first',
    body: NewAccount,
    answer: answers.AccountAnswer,
    status: 201,
  },
  {
    verb: 'GET',
    path: '/integrated-account',
    summary: 'List accounts',
    query: Page,
    answer: pageAnswer(answers.AccountEntry),
  },
  { verb: 'GET', path: ACCOUNT, summary: 'Show an account', answer: answers.AccountAnswer },
  {
    verb: 'PATCH',
    path: ACCOUNT,
    summary: 'Rename an account, renew its credentials, make it read-only, set its retention',
    body: AccountChange,
    answer: answers.AccountAnswer,
  },
  {
    verb: 'DELETE',
    path: ACCOUNT,
    summary: 'Disconnect an account: erases credentials and MCP servers, keeps the audit trail',
    answer: answers.Removed,
  },
  {
    verb: 'POST',
    path: `${ACCOUNT}/verify`,
    summary: 'Ask Finexio whether the stored credentials are good',
    answer: answers.AccountAnswer,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/tools`,
    summary: 'Preview the tools of a filter, or of a server by mcp_id',
    query: Preview,
    answer: answers.ToolsAnswer,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/capabilities`,
    summary: 'What there is, by resource and method',
    query: Capabilities,
    answer: answers.CapabilitiesAnswer,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/writes`,
    summary: 'Whether the writes of an account are stopped',
    answer: answers.Stopped,
  },
  {
    verb: 'PUT',
    path: `${ACCOUNT}/writes`,
    summary: 'Stop all writes of an account at once, or let them go on',
    body: Switch,
    answer: answers.Stopped,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/usage`,
    summary: 'Calls, errors, 429s and money by day, and the last use of each of the 100 newest MCP servers',
    query: UsageQuery,
    answer: answers.AccountUsage,
  },
  {
    verb: 'GET',
    path: `${SERVER}/usage`,
    summary: 'The same of one MCP server, and what its limits have counted',
    query: UsageQuery,
    answer: answers.ServerUsage,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/approval`,
    summary: 'List writes that wait, or waited, for approval',
    query: Drafts,
    answer: pageAnswer(answers.ApprovalAnswer),
  },
  {
    verb: 'GET',
    path: APPROVAL,
    summary: 'Show a draft with what it would send, bank numbers masked',
    answer: answers.ApprovalAnswer,
  },
  {
    verb: 'POST',
    path: `${APPROVAL}/approve`,
    summary:
      "Approve a draft and run it once, after all checks were made anew; a person's API token with approve",
    body: Decision,
    bodyOptional: true,
    answer: answers.ApprovalAnswer,
  },
  {
    verb: 'POST',
    path: `${APPROVAL}/reject`,
    summary: "Reject a draft for good; a person's API token with approve",
    body: Decision,
    bodyOptional: true,
    answer: answers.ApprovalAnswer,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/secret`,
    summary: 'List the webhook secrets of an account, without their values',
    answer: pageAnswer(answers.SecretAnswer),
  },
  {
    verb: 'PUT',
    path: SECRET,
    summary: 'Store or replace a webhook secret that tools use by name (credential_ref)',
    body: NewSecret,
    answer: answers.SecretAnswer,
  },
  { verb: 'DELETE', path: SECRET, summary: 'Erase a webhook secret', answer: answers.RemovedSecret },
  {
    verb: 'POST',
    path: `${ACCOUNT}/mcp`,
    summary: 'Create an MCP server; token and url are in this answer and never again',
    body: NewServer,
    answer: answers.NewServerAnswer,
    status: 201,
  },
  {
    verb: 'GET',
    path: `${ACCOUNT}/mcp`,
    summary: 'List the MCP servers of an account',
    query: Page,
    answer: pageAnswer(answers.ServerAnswer),
  },
  { verb: 'GET', path: SERVER, summary: 'Show an MCP server', answer: answers.ServerAnswer },
  {
    verb: 'PATCH',
    path: SERVER,
    summary: 'Change name, config or expiry; config is merged key by key, null removes a key',
    body: ServerChange,
    answer: answers.ServerAnswer,
  },
  { verb: 'DELETE', path: SERVER, summary: 'Revoke an MCP server at once', answer: answers.Removed },
  {
    verb: 'POST',
    path: `${SERVER}/rotate`,
    summary: 'Give an MCP server a new token, with an optional overlap',
    body: Rotation,
    bodyOptional: true,
    answer: answers.RotatedAnswer,
  },
  {
    verb: 'GET',
    path: `${SERVER}/grant`,
    summary: 'List the clients that people let in by signing in',
    query: Page,
    answer: pageAnswer(answers.GrantAnswer),
  },
  {
    verb: 'DELETE',
    path: `${SERVER}/grant/:grant`,
    summary: 'End a sign-in at once',
    answer: answers.RemovedGrant,
  },
  {
    verb: 'POST',
    path: '/api-token',
    summary: 'Create an API token for a person or system',
    body: NewApiToken,
    answer: answers.NewApiTokenAnswer,
    status: 201,
  },
  {
    verb: 'GET',
    path: '/api-token',
    summary: 'List API tokens',
    query: Page,
    answer: pageAnswer(answers.ApiTokenAnswer),
  },
  {
    verb: 'DELETE',
    path: '/api-token/:token',
    summary: 'Revoke an API token at once',
    answer: answers.Removed,
  },
  {
    verb: 'POST',
    path: '/key/reseal',
    summary: 'Bring stored credentials under the primary master key, page by page',
    query: Page,
    answer: pageAnswer(answers.Resealed),
  },
  {
    verb: 'GET',
    path: '/writes',
    summary: 'Whether the writes of the deployment are stopped',
    answer: answers.Stopped,
  },
  {
    verb: 'PUT',
    path: '/writes',
    summary: 'Stop all writes of the deployment at once, or let them go on',
    body: Switch,
    answer: answers.Stopped,
  },
  {
    verb: 'GET',
    path: '/log',
    summary: 'Read the audit trail, newest first',
    query: Known,
    answer: pageAnswer(answers.LogRow),
  },
  {
    verb: 'GET',
    path: '/log/export',
    summary: 'Export the audit trail',
    query: Known.extend(Export.shape),
    answer: answers.Anything,
    media: ['text/csv', 'application/jsonl'],
  },
  {
    verb: 'GET',
    path: '/log/verify',
    summary: 'Whether the chain of a trail holds',
    query: From,
    answer: answers.VerifyAnswer,
  },
  { verb: 'GET', path: '/openapi.json', summary: 'This description', answer: answers.Anything },
]

const VERBS: readonly Verb[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Methods of each path, for 405s. */
export const METHODS: ReadonlyMap<string, string> = new Map(
  [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => [
    path,
    VERBS.filter((one) => routes.some(({ verb }) => verb === one)).join(', '),
  ]),
)

const PATTERNS = [...METHODS.keys()].map(
  (template) =>
    [template, new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/:[a-z]+/g, '[^/]+')}$`)] as const,
)

/** The route of a path without its ids. */
export const templateOf = (path: string): string =>
  PATTERNS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'an unknown path'
