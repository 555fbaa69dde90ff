/** A small invented API, once as an OpenAPI file and once in our words; the two agree. */
import * as z from 'zod'
import { resource } from '../../schemas/define.ts'
import { readable } from '../../schemas/readable.ts'

const pet = {
  id: z.string(),
  name: z.string().max(20),
  kind: z.enum(['cat', 'dog']),
  tags: z.array(z.object({ word: z.string() })),
  owner: z.string().nullable(),
}
const sent = { name: pet.name, kind: pet.kind, weight: z.int().min(1).max(90) }

export const pets = resource({
  name: 'pets',
  singular: 'pet',
  tags: ['pets'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /pets/',
      title: 'List pets',
      says: 'Pets.',
      query: z.object({ kind: z.enum(['cat', 'dog']), page: z.int() }).partial(),
      gives: readable(pet),
      list: { shape: 'envelope', newest: null, columns: ['id'] },
    },
    create: {
      effect: 'write',
      route: 'POST /pets/',
      title: 'Create a pet',
      says: 'A pet.',
      body: z.object(sent).partial().required({ name: true }),
      gives: readable(pet),
    },
    batch: {
      effect: 'write',
      route: 'POST /pets/batch',
      title: 'Create pets',
      says: 'Pets.',
      body: z.array(z.object({ name: pet.name })),
    },
    delete: {
      effect: 'write',
      route: 'DELETE /pets/{pet_id}/',
      title: 'Delete a pet',
      says: 'A pet.',
      path: z.object({ pet_id: z.string() }),
    },
  },
})

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** A fresh copy for each test to change. */
export const openapi = () => ({
  openapi: '3.0.0',
  servers: [{ url: 'https://pets.invented.example' }],
  paths: {
    '/pets/': {
      description: 'Pets',
      get: {
        parameters: [
          { name: 'kind', in: 'query', schema: { type: 'string', enum: ['dog', 'cat'] } },
          { $ref: '#/components/parameters/Page' },
        ] as Record<string, unknown>[],
        responses: { '200': json(reference('PetList')) } as Record<string, unknown>,
      },
      post: {
        requestBody: json(reference('PetCreate')),
        responses: { '400': json({ type: 'string' }), '201': json(reference('Pet')) },
      },
    } as Record<string, unknown> & { get: { parameters: Record<string, unknown>[]; servers?: unknown } },
    '/pets/batch': {
      post: {
        requestBody: json({
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string', maxLength: 20 } },
            required: ['name'],
          },
        }),
        responses: { '204': {} },
      },
    },
    '/pets/{id}/': {
      delete: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { '204': {} },
      },
    },
  } as Record<string, Record<string, unknown>>,
  components: {
    parameters: { Page: { name: 'page', in: 'query', schema: { type: 'integer' } } },
    schemas: {
      PetBase: {
        type: 'object',
        properties: {
          id: { type: 'string', readOnly: true },
          name: { type: 'string', maxLength: 20 },
          kind: { enum: ['cat', 'dog'], maxLength: 3 },
        } as Record<string, Record<string, unknown>>,
      },
      Pet: {
        allOf: [
          reference('PetBase'),
          { properties: { tags: { type: 'array', items: reference('Tag') }, owner: { type: 'string' } } },
        ],
      },
      PetCreate: {
        allOf: [
          reference('PetBase'),
          { properties: { weight: { type: 'integer', minimum: 1, maximum: 90 } } },
          { required: ['name'] },
        ],
      },
      PetList: {
        type: 'object',
        properties: { count: { type: 'integer' }, results: { type: 'array', items: reference('Pet') } },
      },
      Tag: { type: 'object', properties: { word: { type: 'string' } } as Record<string, unknown> },
    },
  },
})
