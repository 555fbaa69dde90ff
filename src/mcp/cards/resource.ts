/** Cards as MCP resources: one HTML file each, with nothing to load and nowhere to send anything. */

import { CARD_TYPE, type Card, scriptOf, uriOf } from '../../tools/cards.ts'
import { SCRIPTS, SHARED, STYLES, USES } from './built.ts'

const WAITING =
  '<div class="waiting" role="status"><span class="hidden">Waiting for Finexio</span><i></i><i></i><i></i><i></i></div>'

/** What all cards share comes first; a card learns its name and its tool by two constants. */
const codeOf = (card: Card): string =>
  `const CARD_NAME=${JSON.stringify(card.name)},CARD_TOOL=${JSON.stringify(card.tool)};${SHARED}${SCRIPTS[scriptOf(card)]}`

const styleOf = (card: Card): string =>
  STYLES.shared + USES[scriptOf(card)].map((name) => STYLES[name]).join('')

/** A whole document, the same for everyone: data reach it from the host alone. */
const html = (card: Card): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${card.title}</title><style>${styleOf(card)}</style></head><body><main aria-busy="true">${WAITING}</main><script>${codeOf(card)}</script></body></html>`

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
