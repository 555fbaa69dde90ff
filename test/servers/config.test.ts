import { describe, expect, test } from 'vitest'
import { ServerConfigInput } from '../../src/rules/server-settings.ts'

const accepted = (allowed_origins: unknown) => ServerConfigInput.safeParse({ allowed_origins }).success

describe('allowed_origins', () => {
  test.each([
    'https://tools.example.com',
    'https://tools.example.com:8443',
    'http://localhost:5173',
    'http://127.0.0.1',
    'http://[::1]:3000',
  ])('takes "%s"', (origin) => {
    expect(accepted([origin])).toBe(true)
  })

  test.each([
    'http://tools.example.com',
    'https://tools.example.com/',
    'https://tools.example.com/app',
    'https://Tools.example.com',
    'https://tools.example.com:443',
    'https://user@tools.example.com',
    'https://*.example.com',
    'tools.example.com',
    'http://localhost.example.com',
    'javascript:alert(1)',
    'null',
    '*',
    '',
    `https://${'a'.repeat(300)}.com`,
  ])('refuses "%s", which no browser sends', (origin) => {
    expect(accepted([origin])).toBe(false)
  })

  test('takes at most 20', () => {
    const origins = (count: number) => Array.from({ length: count }, (_, at) => `https://a${at}.example.com`)
    expect([accepted(origins(20)), accepted(origins(21))]).toEqual([true, false])
  })
})
