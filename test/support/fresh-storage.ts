/** Files that run in workerd share one isolate, which is quick; what they store they do not share. */
import { reset } from 'cloudflare:test'
import { beforeAll } from 'vitest'

beforeAll(() => reset())
