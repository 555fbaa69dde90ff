/** `npm start` as a child process, with everything it writes kept in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'

export type Ready = {
  base_url: string
  sandbox_url: string | null
  admin_api_key: string
  integrated_account_id: string
  mcp_url: string
  readonly_mcp_url: string
  approval_mcp_url: string
  sign_in_urls: Record<string, string>
  dashboard_url: string
}

export type Started = {
  ready: Ready
  output(): string
  /** Process ids of npm and of everything below it. */
  family(): number[]
  npm: ChildProcess
  ended: Promise<number | null>
}

const root = join(import.meta.dirname, '../..')

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** Settings that keep a start away from the developer's own data. */
export const isolated = async (folder: string, settings: Record<string, string> = {}) => ({
  PORT: String(await freePort()),
  SANDBOX_PORT: String(await freePort()),
  DATA_DIR: join(folder, 'data'),
  DEV_VARS_FILE: join(folder, '.dev.vars'),
  ...settings,
})

const outside = (name: string) => !/^(npm_|VITEST|ADMIN_API_KEY|FINEXIO_|PORT$|NODE_OPTIONS)/.test(name)

/** Runs `npm start` in a process group of its own, as a terminal does. */
export const spawnStart = (settings: Record<string, string>) => {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => outside(name)))
  const npm = spawn('npm', ['start'], { cwd: root, detached: true, env: { ...inherited, ...settings } })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  const ended = new Promise<number | null>((resolve) => npm.on('close', (code) => resolve(code)))
  return { npm, ended, output: () => output }
}

/** Ids of a process and of everything below it. */
export const descendants = (pid: number): number[] => {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=']).toString().trim().split('\n')
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] =>
    pairs.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)])
  return [pid, ...below(pid)]
}

export const isAlive = (pid: number): boolean => {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z')
  } catch {
    return false
  }
}

/** Waits for the READY line. @throws with the whole output when the process ends before it */
export const startAndWait = async (settings: Record<string, string>): Promise<Started> => {
  const { npm, ended, output } = spawnStart(settings)
  const line = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /^READY (.+)\n/m.exec(output())
      if (found) resolve(found[1]!)
    }
    npm.stdout.on('data', look)
    npm.on('close', () => reject(new Error(`npm start ended early:\n${output()}`)))
  })
  return { ready: JSON.parse(line), output, npm, ended, family: () => descendants(npm.pid!) }
}
