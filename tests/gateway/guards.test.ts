import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { getIntrospectionQuery, parse, type DocumentNode, type SelectionSetNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApolloServerPlugin } from '@apollo/server'
import { countExpanded, greatest, sum } from '../../gateway/guard/expand.ts'
import { createGuards } from '../../gateway/guard/guards.ts'
import { DEFAULT_LIMITS, LIMITS } from '../../gateway/guard/limits.ts'
import { LARGEST_PAGE } from '../../subgraphs/kit/connection.ts'
import { startGateway, type TestGateway } from './fixture.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const guard = createGuards(DEFAULT_LIMITS)
const times = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join(' ')
const nested = (depth: number, leaf = 'name'): string => (depth === 1 ? leaf : `a { ${nested(depth - 1, leaf)} }`)
const post = (body: unknown, accept = 'application/json') =>
  gateway.send({ body: JSON.stringify(body), headers: { 'content-type': 'application/json', accept } })

/** A document exactly at each limit, and one a step beyond, with what the error counts. */
const AT_THE_LIMIT: readonly (readonly [code: string, limit: number, document: (size: number) => string])[] = [
  ['TOO_MANY_TOKENS', 2000, (size) => `{ echo(list: [${times(size - 9, () => ',1 # not a token\n')}]) }`],
  ['TEXT_TOO_LONG', 1000, (size) => `{ ${'x'.repeat(size)} }`],
  [
    'TOO_MANY_SELECTIONS',
    5000,
    (size) =>
      `{ ${times(9, (i) => `a${i} { ...F }`)} ...G } fragment F on T { ${times(500, (i) => `b${i}`)} } fragment G on T { c { ${times(size - 4520, (i) => `d${i}`)} } }`,
  ],
  ['TOO_DEEP', 12, (size) => `{ ${nested(size)} }`],
  ['TOO_DEEP', 20, (size) => `{ __schema { ${nested(size - 1)} } }`],
  [
    'TOO_MANY_ALIASES',
    30,
    (size) => `{ towns { ...F ...F ${times(size - 2, (i) => `a${i}: name`)} } } fragment F on Town { b: name }`,
  ],
  [
    'TOO_MANY_ROOT_FIELDS',
    20,
    (size) => `{ ...F ${times(size - 2, (i) => `a${i}`)} } fragment F on Query { ... { x y } }`,
  ],
  [
    'TOO_MANY_DIRECTIVES',
    30,
    (size) => `query @a { towns { ...F @b ${times(size - 4, () => 'name @c')} } } fragment F on Town @d { name @e }`,
  ],
  [
    'VARIABLES_TOO_LARGE',
    8,
    (size) => `query ($t: T = ${'{ a: ['.repeat(size / 2)}${size % 2 ? '{}' : ''}${'] }'.repeat(size / 2)}) { name }`,
  ],
  ['TOO_MANY_REPEATS', 200, (size) => `{ towns { name ${times(size, () => 'name')} ... on Town { name } } }`],
]

describe('a document at a limit passes, and one step beyond is refused with the limit and the value found', () => {
  it.each(AT_THE_LIMIT)('%s %i', (code, limit, documentOf) => {
    expect(() => guard({ query: documentOf(limit) })).not.toThrow()
    const tooLarge = () => guard({ query: documentOf(limit + 1) })
    expect(tooLarge).toThrow(
      expect.objectContaining({ code, extensions: expect.objectContaining({ limit, found: limit + 1 }) }),
    )
    expect(tooLarge).toThrow(new RegExp(`${limit + 1}.*Expected: at most ${limit}\\. \\w`))
  })

  it('remembers only what passed', () => {
    const [code, limit, documentOf] = AT_THE_LIMIT[3]!
    for (let turn = 0; turn < 3; turn++) {
      expect(() => guard({ query: documentOf(limit) })).not.toThrow()
      expect(() => guard({ query: documentOf(limit + 1) })).toThrow(expect.objectContaining({ code }))
    }
  })
})

describe('counting what spreads stand for', () => {
  /** As the specification reads: every spread replaced by its fragment, over and over. */
  function countWrittenOut(document: DocumentNode): number {
    const fragments = new Map(
      document.definitions.flatMap((one) =>
        one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [],
      ),
    )
    const count = ({ selections }: SelectionSetNode): number =>
      selections
        .map((node) => {
          const set = node.kind === 'FragmentSpread' ? fragments.get(node.name.value)?.selectionSet : node.selectionSet
          return 1 + (set ? count(set) : 0)
        })
        .reduce(sum, 0)
    return Math.max(...document.definitions.map((one) => ('selectionSet' in one ? count(one.selectionSet) : 0)))
  }

  /** Fragments that spread only later ones, so that writing them out ends. */
  const documents = fc
    .array(
      fc.array(fc.oneof(fc.constant('name'), fc.constant('a { name }'), fc.nat({ max: 5 })), {
        minLength: 1,
        maxLength: 4,
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((bodies) => {
      const body = (parts: readonly (string | number)[], index: number) =>
        parts
          .map((part) =>
            typeof part === 'string' || index + 1 + part >= bodies.length
              ? `x${part === 'name' ? '' : ' { y }'}`
              : `... { ...F${index + 1 + part} }`,
          )
          .join(' ')
      return bodies
        .map((parts, index) => `${index === 0 ? 'query' : `fragment F${index} on T`} { ${body(parts, index)} }`)
        .join(' ')
    })

  it('gives what writing them out gives', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const document = parse(text)
        expect(greatest(countExpanded(document, { of: (_, inside) => 1 + inside, join: sum }))).toBe(
          countWrittenOut(document),
        )
      }),
    )
  })

  it('is linear in the document: 300 fragments that double are counted at once', () => {
    const text = `{ ...F0 } ${times(300, (i) => `fragment F${i} on T { ${i === 299 ? 'name' : `...F${i + 1} ...F${i + 1}`} }`)}`
    const started = performance.now()
    expect(() => createGuards({ ...DEFAULT_LIMITS, tokens: 10_000 })({ query: text })).toThrow(
      /1000000000 or more selections/,
    )
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('ends on fragments that hold themselves, by whatever way', () => {
    for (const text of [
      '{ ...A } fragment A on T { ...A ...A }',
      '{ ...A } fragment A on T { x { ...B } } fragment B on T { ... { ...A ...B } }',
    ]) {
      expect(greatest(countExpanded(parse(text), { of: (_, inside) => 1 + inside, join: sum }))).toBeLessThan(20)
      expect(() => guard({ query: text })).toThrow(expect.objectContaining({ code: 'FRAGMENT_CYCLE' }))
    }
  })

  it('counts what no operation spreads, and all operations together', () => {
    const wide = times(400, (i) => `a${i} { b }`)
    expect(() =>
      guard({ query: `{ x } fragment F on T { ${times(20, () => '...G')} } fragment G on T { ${wide} }` }),
    ).toThrow(/selections/)
    expect(() =>
      guard({ query: times(14, (i) => `query Q${i} { x { ...G } }`) + ` fragment G on T { ${wide} }` }),
    ).toThrow(/selections/)
  })
})

describe('what comes beside a document', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
  it.each([
    ['VARIABLES_TOO_LARGE', { variables: { ids: Array.from({ length: 1001 }, () => 1) } }],
    ['VARIABLES_TOO_LARGE', { variables: { x: deep(9) } }],
    ['TEXT_TOO_LONG', { variables: { code: 'x'.repeat(1001) } }],
    ['TEXT_TOO_LONG', { variables: { ['x'.repeat(1001)]: 1 } }],
    ['TEXT_TOO_LONG', { operationName: 'x'.repeat(1001) }],
    ['TEXT_TOO_LONG', { extensions: { x: ['x'.repeat(1001)] } }],
    ['BATCHING_REFUSED', [{ query: '{ x }' }]],
    ['BATCHING_REFUSED', []],
  ])('is bounded: %s', (code, asked) => {
    expect(() => guard(Array.isArray(asked) ? asked : { query: '{ x }', ...asked })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('passes when it is of a usual size, declared or not', async () => {
    const variables = { ids: Array.from({ length: 500 }, (_, i) => `commune:${i}`), x: deep(8), name: 'x'.repeat(1000) }
    expect(() => guard({ query: '{ x }', variables })).not.toThrow()
    expect((await gateway.ask('{ echo(number: 1) }', { undeclared: 1 })).data).toEqual({ echo: 1 })
  })
})

describe('introspection', () => {
  it('is open: what tools ask is answered', async () => {
    const tools = {
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
    }
    for (const query of [getIntrospectionQuery(), getIntrospectionQuery(tools)]) {
      const { data, errors } = await gateway.ask(query)
      expect(errors).toBeUndefined()
      expect(data.__schema.types.length).toBeGreaterThan(10)
    }
  })
})

describe('a refusal', () => {
  const tooDeep = { query: `{ ${nested(13)} }` }

  it('has the status and type of any fault of a document', async () => {
    const plain = await post(tooDeep)
    const strict = await post(tooDeep, 'application/graphql-response+json')
    expect([plain.status, strict.status]).toEqual([200, 400])
    expect(plain.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(strict.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8')
    expect(plain.headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' })
    expect(plain.body).toBe(strict.body)
  })

  it('tells what failed, on what, what was expected and what to do', async () => {
    const { errors } = JSON.parse(String((await post(tooDeep)).body))
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/too deep \(13 levels\)\. Expected: at most 12\. Begin lower/),
        extensions: {
          code: 'TOO_DEEP',
          limit: 12,
          found: 13,
          on: '13 levels',
          expected: 'at most 12',
          remedy: expect.any(String),
        },
      },
    ])
  })

  it('is the same by GET, variables included', async () => {
    const get = (parameters: Record<string, string>) =>
      gateway.app.handle({ method: 'GET', url: `/graphql?${new URLSearchParams(parameters)}`, headers: {} })
    expect((await get(tooDeep)).body).toContain('TOO_DEEP')
    expect(
      (await get({ query: '{ towns { name } }', variables: JSON.stringify({ x: 'x'.repeat(1001) }) })).body,
    ).toContain('TEXT_TOO_LONG')
  })

  it('comes before validation, planning and the subgraphs', async () => {
    const seen: string[] = []
    const watch: ApolloServerPlugin = {
      requestDidStart: async () => ({
        parsingDidStart: async () => void seen.push('parsing'),
        validationDidStart: async () => void seen.push('validation'),
        executionDidStart: async () => void seen.push('execution'),
      }),
    }
    const watched = await startGateway({}, { plugins: [watch] })
    seen.length = 0
    const calls = { ...watched.calls }
    for (const [, limit, documentOf] of AT_THE_LIMIT) await watched.ask(documentOf(limit + 1))
    expect(seen).toEqual([])
    expect(watched.calls).toEqual(calls)
    await watched.ask('{ towns { name } }')
    expect(seen).toEqual(['parsing', 'validation', 'execution'])
    await watched.close()
  })

  it('lists a few errors of validation, however many there are', async () => {
    const { errors } = await gateway.ask(`{ towns { ${times(100, (i) => `nothing${i}`)} } }`)
    expect(errors).toHaveLength(6)
    expect(errors?.[5]?.message).toMatch(/Too many validation errors/)
  })
})

describe('the limits', () => {
  it('are reported to any page, those of this gateway', async () => {
    const small = await startGateway({}, { limits: { depth: 3 } })
    const { status, headers, body } = await small.send({ method: 'GET', url: '/v1/limits' })
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*'])
    const { limits, prices } = JSON.parse(String(body))
    expect(limits).toHaveLength(Object.keys(LIMITS).length)
    expect(limits).toContainEqual({
      name: 'depth',
      value: 3,
      unit: 'levels',
      code: 'TOO_DEEP',
      meaning: LIMITS.depth.meaning,
    })
    expect(prices).toMatchObject({ unit: 'points', refused: 100 })
    await small.close()
  })

  it('stand in docs/limits.md as they are', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8')
    for (const [name, { value, unit, code, meaning }] of Object.entries(LIMITS)) {
      expect(text).toContain(`| \`${name}\` | ${value} ${unit} | ${code === null ? '' : `\`${code}\``} | ${meaning} |`)
    }
  })

  it('say of pages what the subgraphs hold to', () => {
    expect(LIMITS.pageSize.value).toBe(LARGEST_PAGE)
  })
})
