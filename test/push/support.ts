/** A collector that behaves as it is told, and accounts that push to it. */
import { vi } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { env } from '../accounts/support.ts'

/** `lost`: it kept the rows, and the answer did not arrive. */
export type Behaviour = 'takes' | 'lost' | 'away' | 'partial' | number

type AnyValue = { stringValue?: string; intValue?: string }
/** `text`: the record as it was sent. */
export type Arrived = {
  chain: string
  seq: number
  name: string
  text: string
  attributes: Map<string, AnyValue>
}

type Sent = {
  resourceLogs: {
    scopeLogs: { logRecords: { eventName: string; attributes: { key: string; value: AnyValue }[] }[] }[]
  }[]
}

const recordsIn = (body: string): Arrived[] =>
  (JSON.parse(body) as Sent).resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    .map((record) => {
      const attributes = new Map(
        record.attributes.map(({ key, value }) => [key.replace('finexio_mcp.', ''), value]),
      )
      const [chain, seq] = [attributes.get('chain')!.stringValue!, Number(attributes.get('seq')?.intValue)]
      return { chain, seq, name: record.eventName, text: JSON.stringify(record), attributes }
    })

/** @param behave asked for every request, with its records */
export const collector = (behave: (records: Arrived[]) => Behaviour) => {
  const bodies: string[] = []
  const kept: Arrived[] = []
  let requests = 0
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    requests++
    bodies.push(body)
    const records = recordsIn(body)
    const how = behave(records)
    if (how === 'away') throw new TypeError('connection refused')
    if (typeof how === 'number') return new Response(null, { status: how })
    if (how === 'partial')
      return Response.json({ partialSuccess: { rejectedLogRecords: '1', errorMessage: 'no' } })
    kept.push(...records)
    if (how === 'lost') throw new TypeError('connection reset')
    return Response.json({})
  })
  return { bodies, kept, requests: () => requests }
}

/** Settings that hold for every object until they are taken back. */
export const settings = (changed: Partial<Env>): (() => void) => {
  const before = Object.keys(changed).map((key) => [key, env[key as keyof Env]] as const)
  Object.assign(env, changed)
  return () => {
    for (const [key, value] of before)
      if (value === undefined) delete (env as Partial<Env>)[key as keyof Env]
      else Object.assign(env, { [key]: value })
  }
}

export const COLLECTOR = { LOG_PUSH_URL: 'https://collector.test/v1/logs' }
