import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  judgeWebhookUrl,
  ownHosts,
  type WebhookRules,
  webhookHostProblem,
} from '../../src/rules/webhook-url.ts'
import { runs } from '../support/size.ts'
import { HOSTILE, OWN_HOST, VALID } from './webhook-urls.ts'

const rules: WebhookRules = { ownHosts: [OWN_HOST], local: false }

test('there are enough of both kinds', () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(120)
  expect(new Set(VALID).size).toBeGreaterThanOrEqual(30)
})

test.each(HOSTILE)('%j is refused', (text) => {
  expect(judgeWebhookUrl(text, rules)).toHaveProperty('refused')
})

test.each(VALID)('%s is accepted, and sent as it was parsed', (text) => {
  expect(judgeWebhookUrl(text, rules)).toEqual({ href: new URL(text).href })
})

test('what is accepted points at the very host that was judged, whatever surrounds it', () => {
  const piece = fc.constantFrom(
    'acme.com',
    '127.0.0.1',
    '@',
    ':',
    '\\',
    '/',
    '#',
    '?',
    '.',
    'nip.io',
    '0x7f',
    '\t',
    '%',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const judged = judgeWebhookUrl(`https://${pieces.join('')}`, rules)
      if ('refused' in judged) return
      const { protocol, hostname, username, port } = new URL(judged.href)
      expect([protocol, username, port]).toEqual(['https:', '', ''])
      expect(hostname).toMatch(/\.[a-z]+$/)
      expect(hostname).not.toMatch(/(^|\.)nip\.io$/)
      expect(judged.href.slice('https://'.length).split('/')[0]).toBe(hostname)
    }),
    runs(3_000),
  )
})

test('with a list of hosts, only those', () => {
  const hosts = ['hooks.acme.com']
  expect(judgeWebhookUrl('https://hooks.acme.com/x', { ...rules, hosts })).toHaveProperty('href')
  for (const other of ['https://acme.com/', 'https://a.hooks.acme.com/', 'https://hooks.acme.com.evil.io/'])
    expect(judgeWebhookUrl(other, { ...rules, hosts })).toEqual({
      refused: 'must point at a host that this MCP server allows: hooks.acme.com',
    })
  expect(judgeWebhookUrl('https://acme.com/', { ...rules, hosts: [] })).toHaveProperty('refused')
})

test('http goes to loopback only, and only in local development', () => {
  const local = { ...rules, local: true }
  for (const text of ['http://localhost:8788/hook', 'http://127.0.0.1:9/', 'http://localhost'])
    expect(judgeWebhookUrl(text, local)).toEqual({ href: new URL(text).href })
  for (const text of [
    'http://acme.com/',
    'http://10.0.0.1/',
    'http://localhost@evil.com/',
    'http://localhost:99999/',
  ])
    expect(judgeWebhookUrl(text, local)).toHaveProperty('refused')
})

test('hosts of a secret are judged like those of a webhook; this server counts as every host by which it is known', () => {
  const own = ownHosts('acme.workers.dev', 'https://mcp.acme-pay.com/x')
  expect(own).toEqual(['acme.workers.dev', 'mcp.acme-pay.com'])
  expect(ownHosts('acme.workers.dev', 'no address')).toEqual(['acme.workers.dev'])
  for (const host of [...own, 'localhost', '127.0.0.1', 'a.nip.io', '*.acme.com', 'ACME.com', ''])
    expect(webhookHostProblem(host, { ownHosts: own, local: false })).toMatch(/^must /)
  expect(webhookHostProblem('hooks.acme.com', { ownHosts: own, local: false })).toBeNull()
  expect(webhookHostProblem('127.0.0.1', { ownHosts: own, local: true })).toBeNull()
})
