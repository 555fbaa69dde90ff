/** Where a client takes its answers: the web, a program on this computer, or a program that owns a scheme (RFC 8252, section 7). */

/** Schemes that browsers, operating systems or other protocols give a meaning of their own: no client's to claim. */
const TAKEN = new Set(
  `about blob chrome chrome-extension cid content data dict dns edge facetime facetime-audio file filesystem ftp ftps geo
  gopher help imap intent irc ircs itms itms-apps itms-services jar javascript ldap ldaps livescript magnet mailto market
  mid moz-extension mocha news nfs nntp opaquelocktoken pop resource rlogin rtsp safari-extension search search-ms service
  settings sftp shell shortcuts sip sips sms smb snews ssh stun tel telnet tftp turn urn vbs vbscript view-source wais ws
  wss wyciwyg x-apple.systempreferences xmpp`.split(/\s+/),
)

const SCHEME = /^([a-z][a-z\d+.-]*):\/[^\s\\#]*$/i

const isWeb = (uri: string): boolean => /^https?:/i.test(uri)

/** Whether a program that owns the scheme gets the answer. False for `https` and `http`. */
export const isPrivateUse = (uri: string): boolean => !isWeb(uri)

const isClaimable = (uri: string): boolean => {
  const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase()
  return scheme !== undefined && !TAKEN.has(scheme) && !scheme.startsWith('ms-') && !scheme.startsWith('web+')
}

/**
 * What programs read differently: a backslash is a slash to some, so that what follows it is the host to others; `*` is a pattern to some.
 * No address needs them, nor a blank.
 */
const AMBIGUOUS = /[\s\\*]/

/** Whether all programs read an address alike. */
export const isPlain = (uri: string): boolean =>
  !AMBIGUOUS.test(uri) && (!isWeb(uri) || /^https?:\/\/[^/]/i.test(uri))

/**
 * Whether a client may take its answers there. Any program can claim a private-use scheme, so that only clients without
 * a secret may, by PKCE and by the very spelling that they registered (RFC 8252, sections 7.1, 8.1 and 8.4).
 * @param method how the client proves itself at the token endpoint (RFC 7591, section 2)
 */
export const mayRedirectTo = (
  uri: string,
  { registered, method }: { registered: readonly string[]; method: string | undefined },
): boolean =>
  isPlain(uri) && (isWeb(uri) || (method === 'none' && registered.includes(uri) && isClaimable(uri)))

/** The place as a person reads it: host, or scheme and host of a program. */
export const placeOfRedirect = (uri: string): string => {
  const { protocol, host } = new URL(uri)
  return isWeb(uri) ? host : `${protocol}//${host}`
}
