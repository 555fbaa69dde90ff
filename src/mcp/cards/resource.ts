/** Cards as MCP resources: one HTML file each, with nothing to load and nowhere to send anything. */

import { CARD_TYPE, type Card, uriOf } from '../../tools/cards.ts'
import { SCRIPTS, STYLE } from './built.ts'

const WAITING =
  '<div class="waiting" role="status"><span class="hidden">Waiting for Finexio</span><i></i><i></i><i></i><i></i></div>'

/** A whole document, the same for everyone: data reach it from the host alone. */
const html = ({ name, title }: Card): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body><main aria-busy="true">${WAITING}</main><script>${SCRIPTS[name]}</script></body></html>`

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

export const cardContents = (card: Card) => ({
  uri: uriOf(card),
  mimeType: CARD_TYPE,
  text: html(card),
  _meta: metaOf(card),
})
