import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeWebhookUrl, type WebhookRules } from '../../src/writes/webhook-url.ts'

const rules: WebhookRules = { ownHosts: ['mcp.acme-pay.com'], local: false }

const LOOPBACKS = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f.1', '0x7f000001', '0177.0.0.1', '017700000001'],
  ...[
    '0',
    '0.0.0.0',
    '0x0',
    '10.0.0.1',
    '10.1',
    '172.16.0.1',
    '192.168.1.1',
    '192.168.257',
    '169.254.169.254',
  ],
  ...['2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '8.8.8.8', '1.1', '255.255.255.255', '100.64.0.1'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[fe80::1]', '[fd00::1]', '[::ffff:7f00:1]', '[2001:db8::1]'],
  ...[
    '127。0。0。1',
    '127.0.0.1',
    '①②⑦.⓪.⓪.①',
    '0x7f.0x0.0x0.0x1',
    '0300.0250.1.1',
    '1.2.3.4.5',
    '256.1.1.1',
  ],
]
const NAMES = [
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'foo.local',
    'foo.internal',
    'metadata.google.internal',
  ],
  ...[
    'router.home.arpa',
    '1.0.0.127.in-addr.arpa',
    'x.onion',
    'x.test',
    'x.example',
    'x.invalid',
    'printer.lan',
  ],
  ...[
    'vault.corp',
    'nas.home',
    'app.intranet',
    'db.private',
    'host.localdomain',
    'intranet',
    'metadata',
    'com',
  ],
  ...[
    '127.0.0.1.nip.io',
    'nip.io',
    '7f000001.nip.io',
    '127-0-0-1.sslip.io',
    'a.xip.io',
    'app.lvh.me',
    'localtest.me',
  ],
  ...[
    'x.localtest.me',
    'x.vcap.me',
    'x.lacolhost.com',
    'x.traefik.me',
    '7f000001.c0a80001.rbndr.us',
    'x.1u.ms',
  ],
  ...[
    'x.local.gd',
    'x.localho.st',
    'x.lcl.host',
    'a.backname.io',
    'acme.com.',
    'acme..com',
    '.acme.com',
    '-acme.com',
  ],
  ...[
    'acme-.com',
    'acme.-com',
    'a_b.com',
    'ACME.com',
    'Acme.com',
    'аcme.com',
    'acme。com',
    'acme%2ecom',
    'ac me.com',
  ],
  ...[
    'acme.com\u0000',
    'acme.com\u200b',
    'ac\u00adme.com',
    'ⓐcme.com',
    'ａcme.com',
    'acme.123',
    'acme.0x1',
    '*.acme.com',
  ],
  ...['mcp.acme-pay.com', `${'a'.repeat(64)}.com`, `${'a.'.repeat(130)}com`, '', '.', '..', '-'],
]
const SPELLINGS = [
  ...[
    'http://acme.com/',
    'HTTPS://acme.com/',
    'ftp://acme.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
  ],
  ...[
    '//acme.com/',
    'acme.com',
    '/hook',
    '',
    ' ',
    'https:acme.com',
    'https:/acme.com',
    'https:///acme.com',
    'https://',
  ],
  ...[
    'https:\\\\acme.com',
    'https://acme.com\\@evil.com',
    'https://acme.com@evil.com/',
    'https://u:p@acme.com/',
  ],
  ...[
    'https://@acme.com/',
    'https://:@acme.com/',
    'https://acme.com:80/',
    'https://acme.com:8443/',
    'https://acme.com:/',
  ],
  ...[
    'https://acme.com:0443/',
    'https://acme.com:443:443/',
    'https://acme.com:65536/',
    'https://acme.com:-1/',
  ],
  ...[
    ' https://acme.com/',
    'https://acme.com/ ',
    '\thttps://acme.com/',
    'https://acme.com/\n',
    'https://acme.com/a b',
  ],
  ...[
    'https://acme.com\r\nHost: evil',
    'ht\ntps://acme.com/',
    'https://acme.com/\u202e',
    'https://acme.com/ü',
  ],
  ...[
    'https://acme.com/\u0000',
    'https://acme.com/\u007f',
    'https://acme.com?x=1',
    'https://acme.com#x',
    'wss://acme.com/',
  ],
  ...[
    'blob:https://acme.com/x',
    'view-source:https://acme.com',
    'https://acme.com;evil.com/',
    'https://acme.com,evil.com/',
  ],
  ...[
    'https://127.0.0.1#@acme.com/',
    'https://acme.com&@evil.com/',
    'https://[acme.com]/',
    'https://acme.com/\u2028',
  ],
  ...[
    `https://acme.com/${'a'.repeat(2_000)}`,
    'http://localhost:8787/',
    'http://127.0.0.1/',
    'https://acme.com%00/',
  ],
]
const HOSTILE = [
  ...new Set([...[...LOOPBACKS, ...NAMES].map((host) => `https://${host}/hook`), ...SPELLINGS]),
]

const VALID = [
  ...[
    'https://acme.com',
    'https://acme.com/',
    'https://acme.com:443',
    'https://acme.com:443/',
    'https://hooks.acme.com/a',
  ],
  ...[
    'https://a.b.c.d.acme.com/x',
    'https://acme.co.uk/hook',
    'https://acme-pay.com/',
    'https://a--b.com/',
    'https://1acme.com/',
  ],
  ...[
    'https://123.com/',
    'https://acme.io/v1/finexio?token=a&b=c',
    'https://acme.com/a/b/c/',
    'https://acme.com/a%20b',
  ],
  ...[
    'https://acme.com/@user',
    'https://acme.com/a:b',
    "https://acme.com/a'b",
    'https://acme.com/~x',
    'https://acme.com/?q',
  ],
  ...[
    'https://acme.com/a#b',
    'https://acme.com/a/../b',
    'https://acme.com/a\\b',
    'https://localhost.acme.com/',
    'https://x.cloud/',
  ],
  ...[
    'https://notnip.io/',
    'https://mytest.com/',
    'https://contest.app/',
    'https://xn--bcher-kva.com/',
    'https://local.acme.com/',
  ],
  ...['https://hooks.acme-pay.com/', 'https://internal.acme.dev/h', 'https://acme.workers.dev/x'],
]

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
    { numRuns: 3_000 },
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
