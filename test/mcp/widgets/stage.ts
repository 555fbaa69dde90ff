/** A stage for cards: one browser and the real results of a file's tests; whatever a test did, no card may go wrong. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { ASSETS } from '../../../scripts/assets/build.ts'
import { cards, fileOf } from '../../../src/tools/cards.ts'
import { launchBrowser } from '../../support/browser.ts'
import { type Host, openHost, type Showing, type Shown, showCard } from './host.ts'
import { type Called, type Result, type Results, rawCall, readResults } from './results.ts'

export type Name = (typeof cards)[number]['name']

const htmlOf = (name: Name) =>
  readFileSync(join(ASSETS, fileOf(cards.find((card) => card.name === name)!)), 'utf8')

export const dollars = (cents: number) =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(cents / 100)

export const spoken = ({ said }: Shown, method: string) => said.filter((one) => one.method === method)

/** @param names cards whose results are read; absent: all */
export const newStage = (names?: readonly Name[]) => {
  let browser: Browser
  let results: Results
  const open: Shown[] = []
  const used: Host[] = []
  /** Pages of tests that ended: a page of its own for each card costs as much as the card. */
  const free: Host[] = []
  beforeAll(async () => {
    ;[browser, results] = await Promise.all([launchBrowser(), readResults(inject('stack'), names)])
  })
  afterAll(() => browser.close())
  /** Whatever a test did: no error, no refused load, no request. */
  afterEach(async () => {
    free.push(...used.splice(0))
    expect(open.splice(0).flatMap(({ faults }) => faults)).toEqual([])
  })
  const called = (name: Name): Called => results.of[name]!
  return {
    called,
    resultOf: (name: Name): Result => called(name).result,
    serve: (config: object) => results.serve(config),
    callReal: (tool: string, args: object): Promise<Result> => rawCall(results.url, tool, args),
    /** @param clock whether the test moves the page's clock */
    show: async (
      name: Name,
      { clock, ...more }: Partial<Showing> & { clock?: boolean } = {},
    ): Promise<Shown> => {
      const { input, result } = called(name)
      const host = (!clock && free.pop()) || (await openHost(browser, clock))
      if (clock) onTestFinished(() => host.page.close())
      else used.push(host)
      const shown = await showCard(host, { html: htmlOf(name), width: 800, input, result, ...more })
      open.push(shown)
      return shown
    },
    /** A real result with something changed. */
    bent: (name: Name, bend: (data: Result, result: Result) => void): Result => {
      const result = structuredClone(called(name).result)
      bend(result.structuredContent, result)
      return result
    },
  }
}
