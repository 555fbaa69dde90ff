/** Cycles in a graph of names. */

export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** Tarjan's walk: each name once, its number the order in which it was met. */
class Walk {
  readonly cycles: string[][] = []
  private readonly met = new Map<string, number>()
  private readonly lowest = new Map<string, number>()
  private readonly open: string[] = []
  private readonly graph: Graph

  constructor(graph: Graph) {
    this.graph = graph
    for (const name of graph.keys()) if (!this.met.has(name)) this.visit(name)
  }

  private lower(name: string, number: number) {
    this.lowest.set(name, Math.min(this.lowest.get(name)!, number))
  }

  private visit(name: string) {
    this.met.set(name, this.met.size)
    this.lowest.set(name, this.met.get(name)!)
    this.open.push(name)
    for (const next of this.graph.get(name) ?? [])
      if (!this.met.has(next)) {
        this.visit(next)
        this.lower(name, this.lowest.get(next)!)
      } else if (this.open.includes(next)) this.lower(name, this.met.get(next)!)
    if (this.lowest.get(name) === this.met.get(name)) this.close(name)
  }

  private close(name: string) {
    const cycle = this.open.splice(this.open.indexOf(name))
    const itself = this.graph.get(name)?.has(name)
    if (cycle.length > 1 || itself) this.cycles.push(cycle.sort())
  }
}

/** Strongly connected components of more than one name, or of one that points at itself; largest first. */
export const cyclesOf = (graph: Graph): string[][] =>
  new Walk(graph).cycles.sort((a, b) => b.length - a.length || a[0]!.localeCompare(b[0]!))

/** @param arrows pairs of names */
export const graphOf = (arrows: Iterable<{ from: string; to: string }>): Graph => {
  const graph = new Map<string, Set<string>>()
  for (const { from, to } of arrows) {
    graph.set(from, (graph.get(from) ?? new Set()).add(to))
    if (!graph.has(to)) graph.set(to, new Set())
  }
  return graph
}
