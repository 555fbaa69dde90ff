/** Files that are deployed beside the Worker (`assets/`) and that it alone hands out. */
import type { Env } from './env.ts'

/** The binding looks at the path alone. */
const ORIGIN = 'https://assets.invalid'

/**
 * @param path below `assets/`
 * @throws for a file that was not deployed
 */
export const assetOf = async ({ ASSETS }: Pick<Env, 'ASSETS'>, path: string): Promise<Response> => {
  const response = await ASSETS.fetch(`${ORIGIN}/${path}`)
  if (!response.ok) throw new Error(`${path} is not among the deployed files.`)
  return response
}
