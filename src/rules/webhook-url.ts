/** Which addresses webhooks may have. Finexio sends payment events there, which a misled agent could divert. */
import { isLoopback } from '../core/public-url.ts'

const LONGEST_URL = 2_000
/** No user info, no trick with backslashes, no control characters, no Unicode host, no IPv6, no other port. */
const PLAIN = /^https:\/\/[a-z0-9.-]+(:443)?(\/[\x21-\x7e]*)?$/
const PLAIN_LOCAL = /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?(\/[\x21-\x7e]*)?$/
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
/** Top-level domains are letters alone: what ends in a digit is an address, or means to pass for one. */
const TOP_LEVEL = /^([a-z]{2,}|xn--[a-z0-9-]+)$/
const LONGEST_HOST = 253

/** Names that lead nowhere public, by the end of the host. */
const INSIDE = [
  ...['localhost', 'local', 'localdomain', 'internal', 'intranet', 'private', 'corp', 'home', 'lan'],
  ...['arpa', 'onion', 'invalid'],
  // Kubernetes, Consul, Docker, and what companies and home routers call their own networks.
  ...['svc', 'consul', 'docker', 'kubernetes', 'workgroup', 'mail', 'fritz.box'],
  // Where cloud machines ask for their own keys, under names of the public DNS.
  ...['metadata.goog', 'metadata.tencentyun.com', 'metadata.packet.net', 'metadata.platformequinix.com'],
]
/** Those, and the names that documentation and tests use (RFC 6761, section 6). */
const RESERVED = [...INSIDE, 'test', 'example']

/** Domains whose names resolve to whatever address they spell, or to loopback. */
const WILDCARD_DNS = [
  ...['nip.io', 'sslip.io', 'xip.io', 'xip.name', 'traefik.me', 'backname.io', '1u.ms', 'rbndr.us'],
  ...['localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com', 'local.gd', 'localho.st', 'lcl.host'],
  ...['localdev.me', 'fuf.me', 'smackaho.st', 'plex.direct', 'local-ip.co', 'cprapid.com'],
]

type HostRules = {
  /** Hosts of this server: it must not be made to call itself. */
  ownHosts: readonly string[]
  /** True only in local development: permits http to loopback. */
  local: boolean
}

/** Hosts under which this server is reached. @param host under which a request came @param publicUrl the deployment's `PUBLIC_URL` */
export const ownHosts = (host: string, publicUrl: string | undefined): string[] => {
  const known = publicUrl ? URL.parse(publicUrl) : null
  return known ? [host, known.hostname] : [host]
}

export type WebhookRules = HostRules & {
  /** Hosts that the operator allows; absent: any public one. */
  hosts?: readonly string[] | undefined
}

/** `href` is what must be sent, not the text that was given. `refused` completes "url …". */
export type JudgedUrl = { href: string } | { refused: string }

const endsIn = (host: string, names: readonly string[]): boolean =>
  names.some((name) => host === name || host.endsWith(`.${name}`))

const publicProblem = (
  host: string,
  ownHosts: readonly string[],
  reserved: readonly string[] = RESERVED,
): string | null => {
  const labels = host.split('.')
  if (host.length > LONGEST_HOST || !labels.every((label) => LABEL.test(label)))
    return 'must name a host by its plain DNS name'
  if (labels.length < 2) return 'must name a public host, with a dot in its name'
  if (!TOP_LEVEL.test(labels.at(-1)!)) return 'must name a host, not an IP address'
  if (endsIn(host, reserved)) return 'must name a public host: this one is reserved for private use'
  if (endsIn(host, WILDCARD_DNS))
    return 'must not use a domain whose names spell addresses, or lead to this machine'
  return ownHosts.includes(host) ? 'must not point at this server itself' : null
}

/** Whether a host could be anybody's on the internet, as far as its name tells. @param host as `URL` gives it */
export const isInternetHost = (host: string): boolean => publicProblem(host, [], INSIDE) === null

/** Why webhooks may not point at a host, wherever below it; null when they may. */
export const webhookHostProblem = (host: string, { ownHosts, local }: HostRules): string | null =>
  local && isLoopback(host) ? null : publicProblem(host, ownHosts)

/** Judges the parsed host, since a parser turns `0x7f.1` and its like into 127.0.0.1. */
export const judgeWebhookUrl = (text: string, { hosts, ownHosts, local }: WebhookRules): JudgedUrl => {
  if (text.length > LONGEST_URL) return { refused: `must have at most ${LONGEST_URL} characters` }
  const url = URL.parse(text)
  if (local && url && PLAIN_LOCAL.test(text)) return { href: url.href }
  if (!url || !PLAIN.test(text))
    return { refused: 'must be https://host/path with a lower-case host, port 443 and no user name' }
  const problem = publicProblem(url.hostname, ownHosts)
  if (problem) return { refused: problem }
  if (hosts && !hosts.includes(url.hostname))
    return { refused: `must point at a host that this MCP server allows: ${hosts.join(', ') || 'none'}` }
  return url.href.length > LONGEST_URL
    ? { refused: `must have at most ${LONGEST_URL} characters` }
    : { href: url.href }
}
