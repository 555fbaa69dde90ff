/**
 * Files that run in workerd share one isolate, which is quick; what they store they do not share: `reset` empties Durable Objects,
 * and KV, which workerd's simulation keeps in such objects.
 */
import { reset } from 'cloudflare:test'
import { beforeAll } from 'vitest'

beforeAll(() => reset())
