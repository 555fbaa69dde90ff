/** Cards as MCP resources: one HTML file each, with nothing to load and nowhere to send anything. */
import { assetOf } from '../../core/assets.ts'
import type { Env } from '../../core/env.ts'
import { CARD_TYPE, type Card, fileOf, uriOf } from '../../tools/cards.ts'

export const listedCard = (card: Card) => ({
  uri: uriOf(card),
  name: `${card.name}-card`,
  title: card.title,
  description: card.description,
  mimeType: CARD_TYPE,
})

/** Named for the standard and once more for ChatGPT: no domain at all may be reached. */
const metaOf = ({ description }: Card) => ({
  ui: { csp: { connectDomains: [], resourceDomains: [], frameDomains: [] }, prefersBorder: true },
  'openai/widgetDescription': description,
  'openai/widgetCSP': { connect_domains: [], resource_domains: [] },
  'openai/widgetPrefersBorder': true,
})

/** @throws for a file that was not deployed */
export const cardContents = async (card: Card, assets: Env['ASSETS']) => ({
  uri: uriOf(card),
  mimeType: CARD_TYPE,
  text: await (await assetOf({ ASSETS: assets }, fileOf(card))).text(),
  _meta: metaOf(card),
})
