import { describe, expect, it } from 'vitest'
import { resources } from '../../schemas/index.ts'
import { accepted } from '../../scripts/schemas-drift/accepted/index.ts'
import {
  type Accepted,
  compareDescriptions,
  type Difference,
  judge,
} from '../../scripts/schemas-drift/compare.ts'
import { describeOpenApi } from '../../scripts/schemas-drift/openapi.ts'
import { describeSchemas } from '../../scripts/schemas-drift/schemas.ts'
import { openapi, pets } from './invented-openapi.ts'

type OpenApi = ReturnType<typeof openapi>

const compared = (change: (file: OpenApi) => void = () => {}): Difference[] => {
  const file = openapi()
  change(file)
  return compareDescriptions(describeOpenApi(file), describeSchemas([pets]))
}
const lines = (differences: Difference[]) =>
  differences.map(({ kind, route, at, theirs, ours }) => `${kind} ${route} ${at}: ${theirs} | ${ours}`)

describe('comparison', () => {
  it('finds nothing where both agree', () => {
    expect(lines(compared())).toEqual([])
  })

  const changes: [string, (file: OpenApi) => void, string[]][] = [
    [
      'a new operation',
      (f) => {
        f.paths['/pets/{id}/']!.patch = { responses: {} }
      },
      ['added PATCH /pets/{}/ : present | none'],
    ],
    [
      'a lost operation',
      (f) => {
        delete f.paths['/pets/batch']
      },
      ['removed POST /pets/batch : none | present'],
    ],
    [
      'another slash',
      (f) => {
        f.paths['/pets/batch/'] = f.paths['/pets/batch']!
        delete f.paths['/pets/batch']
      },
      ['added POST /pets/batch/ : present | none', 'removed POST /pets/batch : none | present'],
    ],
    [
      'a new filter',
      (f) => {
        ;(f.paths['/pets/'] as { get: { parameters: unknown[] } }).get.parameters.push({
          name: 'age',
          in: 'query',
          schema: { type: 'integer' },
        })
      },
      ['added GET /pets/ query age: type integer | none'],
    ],
    [
      'a filter declared for a whole path',
      (f) => {
        f.paths['/pets/']!.parameters = [{ name: 'age', in: 'query', schema: { type: 'integer' } }]
      },
      ['added GET /pets/ query age: type integer | none', 'added POST /pets/ query age: type integer | none'],
    ],
    [
      'a filter that became required',
      (f) => {
        ;(f.paths['/pets/'] as { get: { parameters: Record<string, unknown>[] } }).get
          .parameters[0]!.required = true
      },
      ['changed GET /pets/ query kind required: yes | none'],
    ],
    [
      'a new field',
      (f) => {
        f.components.schemas.PetBase.properties.age = { type: 'integer' }
      },
      [
        'added GET /pets/ response age: type integer | none',
        'added POST /pets/ body age: type integer | none',
        'added POST /pets/ response age: type integer | none',
      ],
    ],
    [
      'a field that became read-only',
      (f) => {
        f.components.schemas.PetBase.properties.name!.readOnly = true
      },
      ['removed POST /pets/ body name: none | type string, required yes, maxLength 20'],
    ],
    [
      'a nested field that went',
      (f) => {
        f.components.schemas.Tag.properties = {}
      },
      [
        'removed GET /pets/ response tags[].word: none | type string',
        'removed POST /pets/ response tags[].word: none | type string',
      ],
    ],
    [
      'another type',
      (f) => {
        f.components.schemas.PetBase.properties.id = { type: 'integer', readOnly: true }
      },
      [
        'changed GET /pets/ response id type: integer | string',
        'changed POST /pets/ response id type: integer | string',
      ],
    ],
    [
      'another word',
      (f) => {
        f.components.schemas.PetBase.properties.kind = { type: 'string', enum: ['cat', 'dog', 'fox'] }
      },
      [
        'changed GET /pets/ response kind enum: cat dog fox | cat dog',
        'changed POST /pets/ body kind enum: cat dog fox | cat dog',
        'changed POST /pets/ response kind enum: cat dog fox | cat dog',
      ],
    ],
    [
      'another limit',
      (f) => {
        f.components.schemas.PetBase.properties.name!.maxLength = 30
      },
      ['changed POST /pets/ body name maxLength: 30 | 20'],
    ],
    [
      'another required list',
      (f) => {
        f.components.schemas.PetCreate.allOf.push({ required: ['kind'] } as never)
      },
      ['changed POST /pets/ body kind required: yes | none'],
    ],
    [
      'a bare array for a list',
      (f) => {
        f.components.schemas.PetList = { type: 'array', items: { $ref: '#/components/schemas/Pet' } } as never
      },
      ['changed GET /pets/ response $ shape: array | envelope'],
    ],
    [
      'another server',
      (f) => {
        ;(f.paths['/pets/'] as { get: { servers?: unknown } }).get.servers = [
          { url: 'https://elsewhere.example' },
        ]
      },
      ['added GET /pets/ server: type https://elsewhere.example | none'],
    ],
    [
      'a lost answer',
      (f) => {
        ;(f.paths['/pets/'] as { post: { responses: unknown } }).post.responses = {}
      },
      ['removed POST /pets/ response: none | type object, shape record'],
    ],
  ]
  it.each(changes)('finds %s', (_, change, expected) => {
    expect(lines(compared(change))).toEqual(expected)
  })

  it('does not compare the order of words, nor names of placeholders', () => {
    const file = openapi()
    expect(JSON.stringify(file)).toContain('["dog","cat"]')
    expect(JSON.stringify(file)).toContain('/pets/{id}/')
    expect(compareDescriptions(describeOpenApi(file), describeSchemas([pets]))).toEqual([])
  })
})

describe('reading an OpenAPI file', () => {
  it.each([null, [], 'text', {}, { paths: [] }])('refuses %j', (file) => {
    expect(() => describeOpenApi(file)).toThrow('no OpenAPI file')
  })

  it('names a reference that leads nowhere', () => {
    const file = openapi()
    file.paths['/pets/{id}/']!.get = {
      responses: {
        '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Ghost' } } } },
      },
    }
    expect(() => describeOpenApi(file)).toThrow('#/components/schemas/Ghost')
  })

  it('ends on references that lead back to themselves', () => {
    const file = openapi()
    file.components.schemas.Tag.properties = { inner: { $ref: '#/components/schemas/Tag' } }
    const paths = [...(describeOpenApi(file).get('GET /pets/')?.response?.keys() ?? [])]
    expect(paths.filter((path) => path.endsWith('inner')).length).toBeLessThan(10)
  })
})

describe('judgement', () => {
  const differences = compared((file) => {
    file.components.schemas.PetBase.properties.name!.maxLength = 30
  })
  const known: Accepted = {
    routes: ['POST /pets/'],
    at: 'body name maxLength',
    theirs: '30',
    ours: '20',
    reason: 'because',
  }

  it('accepts what is listed with the same values', () => {
    expect(judge(differences, [known])).toEqual({ news: [], known: differences, stale: [] })
  })

  it('does not accept another value, and calls the acceptance stale', () => {
    const other = { ...known, theirs: '40' }
    expect(judge(differences, [other])).toEqual({
      news: differences,
      known: [],
      stale: [{ route: 'POST /pets/', accepted: other }],
    })
  })
})

describe('our own acceptances', () => {
  it('each give a reason', () => {
    expect(accepted.length).toBeGreaterThan(40)
    expect(accepted.filter(({ reason }) => reason.length < 20)).toEqual([])
  })

  it('concern routes that we have', () => {
    const routes = describeSchemas(resources)
    expect(accepted.flatMap((entry) => entry.routes).filter((route) => !routes.has(route))).toEqual([])
  })

  it('are stated once', () => {
    const keys = accepted.flatMap(({ routes, at }) => routes.map((route) => `${route} ${at}`))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
