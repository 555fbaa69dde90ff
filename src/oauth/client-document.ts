/**
 * A look at a client's metadata document before the library fetches it. The library follows redirects, and a client that
 * is known by its domain must not be described by a page somewhere else that its domain merely forwards to.
 */

const WAIT_MS = 5_000

const isDocumentUrl = (clientId: string): boolean => /^https:\/\//i.test(clientId) && URL.canParse(clientId)

/**
 * True as well for clients without a document. False when it is not there, or somewhere else.
 * @param own origin of this deployment, which describes no clients: an address below it could hold a token
 */
export const answersItself = async (clientId: string, own: string): Promise<boolean> => {
  if (!isDocumentUrl(clientId)) return true
  if (new URL(clientId).origin === own) return false
  try {
    const response = await fetch(clientId, {
      redirect: 'manual',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(WAIT_MS),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
