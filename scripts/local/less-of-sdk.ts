/** What the official SDK brings and nothing here uses is left out while a Worker is bundled. A new version of it may need another look. */
import type { Plugin } from 'rolldown'
import { emptied } from './emptied.ts'

/** Where it gives each of its schemas a name, at every start; nothing asks for one. */
const NAMED_SCHEMAS =
  /^for \(const key of SPEC_SCHEMA_KEYS\) register\(.*\);\nfor \(const \[key, schema\] of Object\.entries\(authSchemas\)\) register\(.*\);\n/m

/** @throws when the SDK does it otherwise than it did */
const unnamedSchemas: Plugin = {
  name: 'unnamed-schemas',
  transform: {
    filter: { id: /@modelcontextprotocol\/server\/dist\/src-\w+\.mjs$/ },
    handler: (code) => {
      if (!NAMED_SCHEMAS.test(code)) throw new Error('The SDK names its schemas in another way.')
      return code.replace(NAMED_SCHEMAS, '')
    },
  },
}

const HIGH_LEVEL = 'product instanceof McpServer'

/**
 * Its endpoint also takes a server of the high-level kind, which ours never is: that kind goes, 2 % of the bundle.
 * @throws when the SDK asks for it otherwise than it did
 */
const plainServers: Plugin = {
  name: 'plain-servers',
  transform: {
    filter: { id: /@modelcontextprotocol\/server\/dist\/index\.mjs$/ },
    handler: (code) => {
      if (code.split(HIGH_LEVEL).length !== 4) throw new Error('The SDK takes McpServer in another way.')
      return code.replaceAll(HIGH_LEVEL, 'false')
    },
  },
}

/** Its schemas are made by calls, which the bundler keeps for fear of what they might do: it learns that they do nothing else. */
const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  transform: {
    filter: { id: /@modelcontextprotocol\/core\/dist\/[^/]+\.mjs$/ },
    handler(code) {
      const made = this.parse(code).body.flatMap((one) =>
        one.type === 'VariableDeclaration' ? one.declarations.flatMap(({ init }) => init ?? []) : [],
      )
      return made
        .filter(({ type }) => type === 'CallExpression')
        .toReversed()
        .reduce(
          (text, { start, end }) =>
            `${text.slice(0, start)}/* @__PURE__ */ (() => ${text.slice(start, end)})()${text.slice(end)}`,
          code,
        )
    },
  },
}

/**
 * By module, what only other servers call: those that ask a client of an earlier era something, or that keep sessions and events.
 * Here every message is a POST of its own (`src/mcp/server/endpoint.ts`), and only clients of the present era are asked, in an answer.
 */
export const NEVER_CALLED: Readonly<Record<'index' | 'mcp' | 'src', ReadonlySet<string>>> = {
  index: new Set([
    'closeSSEStream',
    'closeStandaloneSSEStream',
    'handleDeleteRequest',
    'handleGetRequest',
    'handleUnsupportedRequest',
    'replayEvents',
  ]),
  mcp: new Set([
    '_dispatchLeg',
    '_sendElicitationLeg',
    'createElicitationCompletionNotifier',
    'createMessage',
    'elicitInput',
    'fulfill',
    'listRoots',
    'ping',
    'sendLoggingMessage',
  ]),
  src: new Set(['_requestWithSchemaViaCodec']),
}

/** @throws when the SDK has none of a name */
const uncalled: readonly Plugin[] = Object.entries(NEVER_CALLED).map(([module, names]) => ({
  name: `uncalled-${module}`,
  transform: {
    filter: { id: new RegExp(`@modelcontextprotocol/server/dist/${module}(?:-\\w+)?\\.mjs$`) },
    handler: (code) => emptied('SDK', code, names),
  },
}))

export const lessOfSdk: readonly Plugin[] = [unnamedSchemas, plainServers, unusedSchemas, ...uncalled]
