/** Origin under which clients reach this deployment: what URLs that are shown begin with. */
import type { Env } from '../env.ts'

/** Null when PUBLIC_URL is no address. @param url of the present request */
export const publicOrigin = ({ PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>, url: string): string | null => {
  const address = PUBLIC_URL || url
  return URL.canParse(address) ? new URL(address).origin : null
}
