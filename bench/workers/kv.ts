/** A KV namespace in memory: bare workerd has none, and speaks this HTTP to whatever service is bound in its place. */
const values = new Map<string, ArrayBuffer>()

const keyOf = (request: Request) => decodeURIComponent(new URL(request.url).pathname.slice(1))

const read = (key: string): Response => {
  const value = values.get(key)
  return value ? new Response(value) : new Response('Not Found', { status: 404 })
}

export default {
  async fetch(request: Request): Promise<Response> {
    const key = keyOf(request)
    if (request.method === 'GET') return read(key)
    if (request.method === 'PUT') values.set(key, await request.arrayBuffer())
    else values.delete(key)
    return new Response(null)
  },
}
