/** workerd itself, without wrangler: one process per target, on a port of its choice. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import workerdPackage from 'workerd'
import { type Collection, Collections } from './collections.ts'

export type Workerd = {
  url: string
  /** Where the inspector listens, if it was asked for. */
  inspectorUrl: string | null
  /** Processor time used so far, in milliseconds; null where the system does not tell. */
  cpuMs(): number | null
  /** How long its thread ran, and how long it could have run and had no core; null where the system does not tell. */
  scheduled(): Scheduled | null
  /** Garbage collections so far; empty without the flags that make V8 tell. */
  collections(): readonly Collection[]
  /** Most memory that it held so far, in MB; null where the system does not tell. */
  peakMb(): number | null
  stop(): Promise<void>
}

/** Milliseconds. */
export type Scheduled = { ran: number; waited: number }

type Listening =
  | { event: 'listen'; socket: string; port: number }
  | { event: 'listen-inspector'; port: number }

/** Linux counts in ticks of 10 ms. */
const TICK_MS = 10

const cpuMsOf = (pid: number): number | null => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return null
  }
}

/** Of the one thread on which everything runs. */
const scheduledOf = (pid: number): Scheduled | null => {
  try {
    const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ', 2).map(Number)
    return { ran: ran! / 1e6, waited: waited! / 1e6 }
  } catch {
    return null
  }
}

/** What V8 tells of collections; other lines that workerd prints go nowhere, as before. */
const collectionsOf = (child: ChildProcess): Collections => {
  const collections = new Collections()
  createInterface({ input: child.stdout! }).on('line', (line) => collections.read(line, performance.now()))
  return collections
}

const peakMbOf = (pid: number): number | null => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  } catch {
    return null
  }
}

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** What the process says on its control channel, until all awaited sockets listen. */
const listening = async (child: ChildProcess, inspector: boolean) => {
  let port: number | null = null
  let inspectorPort: number | null = null
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const message = JSON.parse(line) as Listening
    if (message.event === 'listen') port = message.port
    else inspectorPort = message.port
    if (port !== null && (!inspector || inspectorPort !== null)) return { port, inspectorPort }
  }
  throw new Error('workerd ended before it listened; what it said stands above.')
}

/**
 * Starts workerd on 127.0.0.1 and resolves once it accepts connections.
 * @param config path of a capnp configuration with a socket named `http`
 */
export const startWorkerd = async (config: string, { inspector = false } = {}): Promise<Workerd> => {
  const child = spawn(
    workerdPackage.default,
    [
      'serve',
      '--socket-addr=http=127.0.0.1:0',
      '--control-fd=3',
      ...(inspector ? ['--inspector-addr=127.0.0.1:0'] : []),
      config,
    ],
    { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] },
  )
  const collections = collectionsOf(child)
  const onExit = () => child.kill('SIGKILL')
  process.once('exit', onExit)
  child.once('exit', () => process.off('exit', onExit))
  const { port, inspectorPort } = await listening(child, inspector)
  return {
    url: `http://127.0.0.1:${port}`,
    inspectorUrl: inspectorPort === null ? null : `http://127.0.0.1:${inspectorPort}`,
    cpuMs: () => cpuMsOf(child.pid!),
    scheduled: () => scheduledOf(child.pid!),
    collections: () => collections.all(),
    peakMb: () => peakMbOf(child.pid!),
    stop: () => stopped(child),
  }
}
