/** The one directory of a deployment. The binding is untyped, so that core/env.ts imports no class; its type is added here. */
import type { Env } from '../core/env.ts'
import type { DirectoryObject } from './directory-object.ts'
import type { Called } from './tenant.ts'
import type { WaitingSettings } from './waiting-settings.ts'

/** There is one for all accounts, people and API tokens. */
export const directoryObject = ({ DIRECTORY }: Pick<Env, 'DIRECTORY'>) => {
  const directories = DIRECTORY as DurableObjectNamespace<DirectoryObject>
  return directories.get(directories.idFromName('directory'))
}

type Method = (...args: unknown[]) => Promise<unknown>

/** Changes of settings that wait, as the directory has them: a round trip a call, as for the parts of an account. */
export const settingsOf = (env: Pick<Env, 'DIRECTORY'>): Called<WaitingSettings> => {
  const call =
    (method: string): Method =>
    async (...args) => {
      using target = directoryObject(env).settings() as unknown as Record<string, Method> & Disposable
      return await target[method]!(...args)
    }
  return new Proxy({} as Called<WaitingSettings>, { get: (_, method) => call(String(method)) })
}
