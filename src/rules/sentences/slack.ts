/** Notifications in the shape of Slack's incoming webhooks: `text`, which phones show, and `blocks`. Pure. */
import { asObject, isObject } from '../../core/json.ts'
import { cutShort, oneLine } from '../../core/text.ts'
import { type Row, textIn } from './row.ts'

const HOSTS = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])

/** @param url that is usable @param format the setting NOTIFY_FORMAT */
export const isSlack = (url: string, format: string | undefined): boolean =>
  format === 'slack' || HOSTS.has(new URL(url).hostname)

/** Of a section's text; Slack refuses more than 3,000. */
const LONGEST = 2_900
const MOST_LINES = 10

/** Slack reads nothing but these three as marks of its own in the text of a message. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

// Sections are plain text: a payee's name makes no link and calls nobody.
const section = (text: string) => ({
  type: 'section',
  text: { type: 'plain_text', text: cutShort(text, LONGEST), emoji: false },
})

const objectsIn = (data: Row, key: string): Row[] => {
  const value = data[key]
  return Array.isArray(value) ? value.filter(isObject) : []
}

const payeeLine = (payee: Row): string =>
  `• ${textIn(payee, 'name') || textIn(payee, 'id')}${payee.total ? `: $${textIn(payee, 'total')}` : ''}`

const headLine = (head: Row): string =>
  `• ${textIn(head, 'chain')} ${textIn(head, 'seq')}:${textIn(head, 'hash', 64)}`

/** Lines that help to decide whether to open the page. */
const linesOf = (data: Row): string[] => {
  const payees = objectsIn(data, 'payees')
  const more = Number(data.more_payees ?? 0) + Math.max(0, payees.length - MOST_LINES)
  const warnings = Array.isArray(data.warnings) ? data.warnings.slice(0, MOST_LINES) : []
  const reason = textIn(data, 'call_reason', 300)
  return [
    ...payees.slice(0, MOST_LINES).map(payeeLine),
    ...(more > 0 ? [`• and ${more} more`] : []),
    ...warnings.map((warning) => `⚠ ${oneLine(warning, 200)}`),
    ...(reason ? [`Reason given: ${reason}`] : []),
  ]
}

/** Parts of a list of heads, which has to be whole to be worth anything. */
const headParts = (data: Row): string[] => {
  const lines = objectsIn(data, 'heads').map(headLine)
  const parts: string[] = []
  for (let at = 0; at < lines.length; at += 20) parts.push(lines.slice(at, at + 20).join('\n'))
  return parts
}

const button = (url: string) => ({
  type: 'actions',
  elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open' }, url }],
})

/** Only a page of ours, whatever a notification says. */
const pageIn = (data: Row): string | null => {
  const url = data.approval_url
  return typeof url === 'string' && /^https?:\/\/[^\s<>|]+$/.test(url) && url.length <= LONGEST ? url : null
}

/** @param body of the generic form, as it is stored */
export const slackBody = (body: string): string => {
  const message = asObject(JSON.parse(body)) ?? {}
  const data = asObject(message.data) ?? {}
  const text = typeof message.text === 'string' ? message.text : ''
  const page = pageIn(data)
  const parts = [text, linesOf(data).join('\n'), ...headParts(data)].filter((part) => part !== '')
  return JSON.stringify({
    text: escaped(text),
    blocks: [...parts.map(section), ...(page ? [button(page)] : [])],
  })
}
