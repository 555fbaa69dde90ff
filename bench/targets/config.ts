/** A target as bare workerd reads it: its module, its bindings, its storage. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

const list = (items: readonly string[]) => items.map((item) => JSON.stringify(item)).join(', ')

/** The compatibility date and flags that the product is deployed with. */
const compatibility = (): string => {
  const toml = readFileSync(join(root, 'wrangler.toml'), 'utf8')
  const date = /^compatibility_date = "(.+)"$/m.exec(toml)![1]!
  const flags = JSON.parse(/^compatibility_flags = (\[.*\])$/m.exec(toml)![1]!) as string[]
  return `compatibilityDate = ${JSON.stringify(date)},\n  compatibilityFlags = [${list(flags)}],`
}

const text = ([name, value]: [string, string]) =>
  `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`

const configText = (bindings: Readonly<Record<string, string>>, storage: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "kv", worker = .kv),
    (name = "net", network = (allow = ["public", "private"])),
    (name = "disk", disk = (path = ${JSON.stringify(storage)}, writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js")],
  ${compatibility()}
  globalOutbound = "net",
  durableObjectNamespaces = [
    (className = "AccountObject", uniqueKey = "accounts", enableSql = true),
    (className = "DirectoryObject", uniqueKey = "directory", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ACCOUNTS", durableObjectNamespace = "AccountObject"),
    (name = "DIRECTORY", durableObjectNamespace = "DirectoryObject"),
    (name = "VAULT", kvNamespace = "kv"),
    ${Object.entries(bindings).map(text).join(',\n    ')},
  ],
);
const kv :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = embed "kv.js")],
  ${compatibility()}
);
`

export type Parts = { folder: string; main: string; kv: string; bindings: Readonly<Record<string, string>> }

/**
 * Writes a configuration and its modules.
 * @param parts texts of the two modules, and a folder that may be thrown away afterwards
 * @returns path of the configuration
 */
export const writeConfig = ({ folder, main, kv, bindings }: Parts): string => {
  const storage = join(folder, 'storage')
  mkdirSync(storage, { recursive: true })
  writeFileSync(join(folder, 'main.js'), main)
  writeFileSync(join(folder, 'kv.js'), kv)
  const path = join(folder, 'config.capnp')
  writeFileSync(path, configText(bindings, storage))
  return path
}
