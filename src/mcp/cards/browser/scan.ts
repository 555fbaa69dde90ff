/** The scan of a check: whether there is one, and a button that opens it where the host opens links. */
import type { Bridge } from './bridge.ts'
import { badge, type Child, h } from './dom.ts'
import { type Row, textOf } from './values.ts'

/** Opens a scan; null where the host opens no links. */
export type Open = ((url: string) => void) | null

export const opener = (bridge: Bridge): Open =>
  bridge.offers('openLinks') ? (url) => void bridge.openLink(url).catch(() => {}) : null

const HTTPS = /^https:\/\//i

export const scan = ({ scanned, check_image_url }: Row, open: Open): Child => {
  if (scanned === false) return badge('Not scanned', 'warn')
  if (scanned !== true) return null
  const url = textOf(check_image_url)
  if (!open || !HTTPS.test(url)) return badge('Scanned', 'plain')
  const press = (event: Event) => {
    event.preventDefault()
    open(url)
  }
  return h(
    'button',
    { type: 'button', class: 'link', click: press },
    'View scan',
    h('span', { 'aria-hidden': 'true' }, ' ↗'),
  )
}
