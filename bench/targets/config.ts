/** A target as bare workerd reads it: its module, its bindings, its storage. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Module } from '../../scripts/local/bundle.ts'

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

const embedded = (folder: string, modules: readonly Module[]): string =>
  modules.map(({ name }) => `(name = "${name}", esModule = embed "${folder}/${name}")`).join(',\n    ')

const configText = ({ main, kv, bindings, flags = [] }: Omit<Parts, 'folder'>, storage: string): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "kv", worker = .kv),
    (name = "net", network = (allow = ["public", "private"])),
    (name = "disk", disk = (path = ${JSON.stringify(storage)}, writable = true)),
  ],
  v8Flags = [${list(flags)}],
  sockets = [(name = "http", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    ${embedded('main', main)}
  ],
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
  modules = [
    ${embedded('kv', kv)}
  ],
  ${compatibility()}
);
`

export type Parts = {
  folder: string
  main: readonly Module[]
  kv: readonly Module[]
  bindings: Readonly<Record<string, string>>
  /** Of V8. */
  flags?: readonly string[]
}

/**
 * Writes a configuration and its modules.
 * @param parts the modules of the two Workers, and a folder that may be thrown away afterwards
 * @returns path of the configuration
 */
export const writeConfig = ({ folder, main, kv, ...others }: Parts): string => {
  const storage = join(folder, 'storage')
  mkdirSync(storage, { recursive: true })
  for (const [worker, modules] of Object.entries({ main, kv })) {
    mkdirSync(join(folder, worker))
    for (const { name, code } of modules) writeFileSync(join(folder, worker, name), code)
  }
  const path = join(folder, 'config.capnp')
  writeFileSync(path, configText({ main, kv, ...others }, storage))
  return path
}
