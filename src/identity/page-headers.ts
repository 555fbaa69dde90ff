/** Headers of every page on which somebody signs in or is signed in. */

/**
 * Nothing from elsewhere, nothing inline, no frame around it, no form that leads away.
 * @param directives of the policy beyond style sheets (CSP Level 3)
 */
export const pageHeaders = (...directives: readonly string[]): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    ...directives,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  // Browsers that send no referrer at all send no Origin with forms either, and that is what a POST is judged by.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-robots-tag': 'noindex',
})
