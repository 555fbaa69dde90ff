import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { requireFreePort } from '../../scripts/start/ports.ts'

test('a taken port is refused with its number, its setting and another to try; freed, it is accepted', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as { port: number }
  await expect(requireFreePort(port, 'SANDBOX_PORT')).rejects.toThrow(
    `Port ${port} is taken or not allowed. Stop what uses it, or choose another: SANDBOX_PORT=${port + 10} npm start`,
  )
  await new Promise((resolve) => holder.close(resolve))
  await expect(requireFreePort(port, 'SANDBOX_PORT')).resolves.toBeUndefined()
})

test('port 0 means any free one', async () => {
  await expect(requireFreePort(0, 'PORT')).resolves.toBeUndefined()
})
