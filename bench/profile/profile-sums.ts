/** What a CPU profile says: time by module, by function, and with callees. Microseconds throughout. */

type Node = {
  id: number
  callFrame: { functionName: string; lineNumber: number }
  children?: number[]
}
export type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] }

export type Sums = {
  busy: number
  modules: ReadonlyMap<string, number>
  self: ReadonlyMap<string, number>
  total: ReadonlyMap<string, number>
}

/** Which module each line of a readable bundle belongs to, by the comments that the bundler leaves. */
const modulesByLine = (code: string): string[] => {
  let module = 'bundler'
  return code.split('\n').map((line) => {
    module = /^\/\/ ((?:\.\.\/)*(?:src|schemas|node_modules)\/\S+)$/.exec(line)?.[1] ?? module
    return module
  })
}

const packageOf = (module: string): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module)?.[1] ?? module.replace(/^(\.\.\/)+/, '')

const add = (sums: Map<string, number>, name: string, time: number) =>
  sums.set(name, (sums.get(name) ?? 0) + time)

const namer = (code: string) => {
  const modules = modulesByLine(code)
  return ({ callFrame: { functionName, lineNumber } }: Node) => {
    const native = lineNumber <= 0
    const module = native ? `(native) ${functionName || '(unnamed)'}` : packageOf(modules[lineNumber] ?? '')
    return { module, name: `${functionName || '(unnamed)'} ${native ? '' : `${module}:${lineNumber + 1}`}` }
  }
}

/** @param code the readable bundle that was profiled */
export const sumsOf = ({ nodes, samples, timeDeltas }: Profile, code: string): Sums => {
  const named = namer(code)
  const byId = new Map(nodes.map((node) => [node.id, named(node)]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const [modules, self, total] = [new Map(), new Map(), new Map()] as Map<string, number>[]
  let busy = 0
  samples.forEach((sample, index) => {
    const time = timeDeltas[index]!
    const { module, name } = byId.get(sample)!
    if (name.startsWith('(idle)')) return
    busy += time
    add(modules!, module, time)
    add(self!, name, time)
    const stack = new Set<string>()
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id))
      stack.add(byId.get(id)!.name)
    for (const each of stack) add(total!, each, time)
  })
  return { busy, modules: modules!, self: self!, total: total! }
}
