/** Resources: the guide, one page for each visible tool, the cards of visible tools, and the skills. */
import { ResourceNotFoundError, type Server } from '@modelcontextprotocol/server'
import type { Env } from '../../core/env.ts'
import { cards, uriOf } from '../../tools/cards.ts'
import type { ToolView } from '../../tools/contract.ts'
import { cardContents, listedCard } from '../cards/resource.ts'
import { guideFor } from './guide.ts'
import { onePage } from './invalid.ts'
import { listedSkill, skillContents, skillsFor } from './skills.ts'

const GUIDE_URI = 'finexio-mcp://guide'
export const TOOL_PAGES = 'finexio-mcp://tools/{name}'
const TOOL_PAGE = /^finexio-mcp:\/\/tools\/([a-z0-9_]{1,64})$/

const guide = {
  uri: GUIDE_URI,
  name: 'guide',
  title: 'Guide to Finexio',
  description:
    'How drawdowns, payments, invoices and counterparties belong together, and what each status means.',
  mimeType: 'text/markdown',
}

const toolPages = {
  uriTemplate: TOOL_PAGES,
  name: 'tool',
  title: 'Page of a tool',
  description: 'Description, input and output schema of one tool of this server.',
  mimeType: 'application/json',
}

const pageOf = ({ list }: ToolView, uri: string): string | null => {
  const name = TOOL_PAGE.exec(uri)?.[1]
  const tool = name === undefined ? undefined : list.tools.find((one) => one.name === name)
  return tool ? JSON.stringify(tool) : null
}

/** In discovery mode tools are not listed by name, so none has a card. */
const cardsOf = ({ list }: ToolView) =>
  cards.filter(({ tool }) => list.tools.some(({ name }) => name === tool))

/**
 * Answers `resources/list`, `resources/templates/list` and `resources/read` for one request (MCP 2026-07-28, Resources).
 * @param view what this server shows: a hidden tool has neither page nor card
 * @param assets where the documents of cards are
 */
export const serveResources = (server: Server, view: ToolView, assets: Env['ASSETS']): void => {
  server.setRequestHandler('resources/list', ({ params }) => {
    onePage(params, 'resource list')
    return {
      resources: [guide, ...cardsOf(view).map(listedCard), ...skillsFor(view).map(listedSkill)],
    }
  })
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    onePage(params, 'list of resource templates')
    return { resourceTemplates: [toolPages] }
  })
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    if (uri === GUIDE_URI) return { contents: [{ uri, mimeType: guide.mimeType, text: guideFor(view.has) }] }
    const card = cardsOf(view).find((one) => uriOf(one) === uri)
    if (card) return { contents: [await cardContents(card, assets)] }
    const skill = skillsFor(view).find((one) => one.uri === uri)
    if (skill) return { contents: [skillContents(skill)] }
    const text = pageOf(view, uri)
    if (text === null) throw new ResourceNotFoundError(uri)
    return { contents: [{ uri, mimeType: toolPages.mimeType, text }] }
  })
}
