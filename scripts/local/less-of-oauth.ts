/** What the library of the authorization server brings for switches that stay off here is left out. A new version of it may need another look. */
import type { Plugin } from 'rolldown'
import { emptied } from './emptied.ts'

/** What it asks, and what `src/oauth/provider.ts` answers: an authorization server alone, that exchanges no tokens and trusts no other issuer. */
const ANSWERS: readonly (readonly [asked: string, answer: string])[] = [
  ['"authorizationServer" in options', 'true'],
  ['role === "combined"', 'false'],
  ['!!this.options.enterpriseManagedAuthorization', 'false'],
  ['this.options.enterpriseManagedAuthorization', '(void 0)'],
  ['this.validateEmaOptions((void 0));', ''],
  ['this.options.allowTokenExchangeGrant', 'false'],
  ['this.provider.options.allowTokenExchangeGrant', 'false'],
]

/** What only those switches, or the product itself, could call, and neither does. */
export const NEVER_CALLED: ReadonlySet<string> = new Set([
  'createClient',
  'deleteClient',
  'exchangeToken',
  'handleApiRequest',
  'handleTokenExchangeGrant',
  'issueEmaAccessToken',
  'listClients',
  'listUserGrants',
  'purgeExpiredData',
  'runEmaPipeline',
  'updateClient',
  'validateEmaOptions',
])

/** @throws when the library asks for it otherwise than it did */
export const lessOfOauth: Plugin = {
  name: 'less-of-oauth',
  transform: {
    filter: { id: /workers-oauth-provider\/dist\/oauth-provider\.js$/ },
    handler: (code) =>
      emptied(
        'OAuth library',
        ANSWERS.reduce((text, [asked, answer]) => {
          if (!text.includes(asked)) throw new Error(`The OAuth library does not ask for ${asked} any more.`)
          return text.replaceAll(asked, answer)
        }, code),
        NEVER_CALLED,
      ),
  },
}
