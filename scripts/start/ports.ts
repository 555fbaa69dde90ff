import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** Refuses a port that cannot be had. @throws naming port and setting, and what to do @param command what starts it */
export const requireFreePort = async (
  port: number,
  setting: string,
  command = 'npm start',
): Promise<void> => {
  if (port === 0 || (await isFree(port))) return
  throw new Error(
    `Port ${port} is taken or not allowed. Stop what uses it, or choose another: ${setting}=${port + 10} ${command}`,
  )
}
