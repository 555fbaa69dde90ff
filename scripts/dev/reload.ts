/** Runs a program and restarts it whenever a source file changes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'

export type ReloadOptions = {
  command: readonly [program: string, ...args: string[]]
  cwd: string
  /** Folders with all below them; relative to `cwd`. */
  watched: readonly string[]
  /** The program has started once it prints a line that begins with this. */
  readyMark: string
  print(text: string): void
}

export type Reload = { stop(): Promise<void> }

/** Editors write several files for one save, and a checkout many. */
const QUIET_MS = 150

const isSource = (path: string): boolean => /\.(ts|tsx|css|html|toml|json|mjs)$/.test(path)

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('close', () => done())
  })

/** What the first start says is printed as it comes; a restart is quiet until it is ready, or fails. */
const passOn = (
  child: ChildProcess,
  first: boolean,
  { readyMark, print }: ReloadOptions,
  ready: (line: string) => void,
): void => {
  let waiting = true
  let withheld = ''
  let said = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    if (first || !waiting) print(text)
    else withheld += text
    if (!waiting) return
    said += text
    const line = said.split('\n').find((one) => one.startsWith(readyMark))
    if (line === undefined) return
    waiting = false
    ready(line)
  })
  child.stderr!.setEncoding('utf8').on('data', print)
  child.once('close', () => waiting && print(withheld))
}

/** @returns at once; `stop` ends the program and the watching */
export const reload = (options: ReloadOptions): Reload => {
  const { cwd, watched, print } = options
  let child: ChildProcess | null = null
  let starts = 0
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = Promise.resolve()

  const start = (): void => {
    const first = starts++ === 0
    const begun = Date.now()
    const [program, ...args] = options.command
    const own = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    child = own
    passOn(own, first, options, (line) => {
      if (!first) print(`Ready again after ${((Date.now() - begun) / 1_000).toFixed(1)} s.\n${line}\n`)
    })
    own.once('error', ({ message }) => print(`${message}\n`))
    own.once('close', () => {
      if (child !== own) return
      child = null
      if (!stopped) print('It has stopped. It starts again when a source file changes; Ctrl-C ends.\n')
    })
  }

  const end = async (): Promise<void> => {
    const own = child
    child = null
    if (!own) return
    own.kill('SIGTERM')
    await ended(own)
  }

  const restart = async (path: string): Promise<void> => {
    if (stopped) return
    print(`\n${path} has changed: starting again.\n`)
    await end()
    if (!stopped) start()
  }

  const changed = (path: string): void => {
    if (!isSource(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      turn = turn.then(() => restart(path))
    }, QUIET_MS)
  }

  const watchers: FSWatcher[] = watched.map((folder) =>
    watch(join(cwd, folder), { recursive: true }, (_, name) => changed(join(folder, name ?? ''))),
  )
  start()

  return {
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      await Promise.all([turn, end()])
    },
  }
}
