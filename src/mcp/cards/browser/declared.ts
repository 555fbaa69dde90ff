/** What a card knows of its declaration in `cards.ts`: `npm run assets` puts both words in place. */
declare const CARD_NAME: string
declare const CARD_TOOL: string

export const cardName = CARD_NAME
/** The tool whose results the card shows. */
export const cardTool = CARD_TOOL
