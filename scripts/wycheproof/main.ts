/** `npm run test:wycheproof -- <checkout>/testvectors_v1`: Wycheproof's vectors on the WebCrypto of workerd. */
import { join } from 'node:path'
import { bundleWorker, esModules } from '../local/bundle.ts'
import { argumentOf } from '../usage.ts'
import { readVectors, type Vector } from './vectors.ts'

const tried = async (vectors: readonly Vector[]): Promise<string[]> => {
  const modules = await bundleWorker(join(import.meta.dirname, 'worker.ts'), {}, false)
  const { convertV4MiniflareOptions, Log, LogLevel, Miniflare } = await import('miniflare')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: esModules(modules),
      compatibilityDate: '2026-10-23',
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    }),
  )
  try {
    const response = await fetch(await miniflare.ready, { method: 'POST', body: JSON.stringify(vectors) })
    return (await response.json()) as string[]
  } finally {
    await miniflare.dispose()
  }
}

const USAGE = `Usage: npm run test:wycheproof -- <checkout>/testvectors_v1

Tries Wycheproof's vectors on the cryptography of workerd. Exits with 1 when one comes out otherwise than it should.`

const main = async (folder: string): Promise<number> => {
  const vectors = readVectors(folder)
  const wrong = await tried(vectors)
  for (const [kind, all] of Map.groupBy(vectors, (vector) => vector.kind)) {
    const failed = all.filter(({ id }) => wrong.includes(id))
    console.log(`${kind}: ${all.length - failed.length} of ${all.length}`)
  }
  if (wrong.length > 0) console.error(`Otherwise than they should: ${wrong.join(', ')}`)
  return wrong.length > 0 ? 1 : 0
}

try {
  process.exitCode = await main(argumentOf(USAGE, {}).argument)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
