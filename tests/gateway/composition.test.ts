import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSchema, introspectionFromSchema, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../../core/signature.ts'
import { changesBetween, type SchemaChange } from '../../gateway/composition/changes.ts'
import { describeChanges } from '../../gateway/composition/describe.ts'
import { readServed, readSubgraph } from '../../gateway/composition/read.ts'
import { REPOSITORY } from '../fixtures/store.ts'
import { SUPERGRAPH } from './fixture.ts'

const TODAY = Date.UTC(2026, 10, 23)
const BASE = `
  interface Place { id: ID!  name: String }
  type Town implements Place { id: ID!  name: String  trees(kind: Kind = OAK, old: Boolean): Int  mayor: String
    lanes: Int @deprecated(reason: "Use roads. Since 2025-01-01.")
    paths: Int @deprecated(reason: "Use roads. Since 2026-06-01.")
    tracks: Int @deprecated(reason: "Use roads.") }
  type Cape implements Place { id: ID!  name: String }
  union Thing = Town | Cape
  enum Kind { OAK YEW }
  input Filter { kind: Kind  least: Int = 1 }
  type Query { place(id: ID!): Place  towns(where: Filter): [Town]  thing: Thing }`
const OPERATIONS = [
  { name: 'names.graphql', document: parse('{ place(id: "1") { name } }') },
  {
    name: 'towns.graphql',
    document: parse('query T($where: Filter) { towns(where: $where) { mayor trees(old: true) } }'),
  },
]

function changes(edit: (sdl: string) => string): readonly SchemaChange[] {
  const after = edit(BASE)
  expect(after).not.toBe(BASE)
  return changesBetween(buildSchema(BASE), buildSchema(after), OPERATIONS, TODAY)
}

describe('what changes for clients between two schemas', () => {
  it('is nothing where nothing does, nor where something is only added', () => {
    expect(changesBetween(buildSchema(BASE), buildSchema(BASE), OPERATIONS, TODAY)).toEqual([])
    expect(changes((sdl) => sdl.replace('mayor: String', 'mayor: String  roads: Int'))).toEqual([])
  })

  it.each<[string, [string | RegExp, string], string, string, string, string[]]>([
    ['a field that goes', ['mayor: String', ''], 'BREAKING', 'FIELD_REMOVED', 'Town.mayor', ['towns.graphql']],
    [
      'a field of another type',
      ['mayor: String', 'mayor: Int'],
      'BREAKING',
      'FIELD_CHANGED_KIND',
      'Town.mayor',
      ['towns.graphql'],
    ],
    ['an argument that goes', [', old: Boolean', ''], 'BREAKING', 'ARG_REMOVED', 'Town.trees(old:)', ['towns.graphql']],
    [
      'an argument of another type',
      ['old: Boolean', 'old: Int'],
      'BREAKING',
      'ARG_CHANGED_KIND',
      'Town.trees(old:)',
      ['towns.graphql'],
    ],
    [
      'an argument that must be given',
      ['place(id: ID!)', 'place(id: ID!, at: Int!)'],
      'BREAKING',
      'REQUIRED_ARG_ADDED',
      'Query.place(at:)',
      ['names.graphql'],
    ],
    ['a value that goes', [' YEW', ''], 'BREAKING', 'VALUE_REMOVED_FROM_ENUM', 'Kind.YEW', ['towns.graphql']],
    ['a type that goes out of a union', ['| Cape', ''], 'BREAKING', 'TYPE_REMOVED_FROM_UNION', 'Thing', []],
    [
      'an input that must be given',
      ['{ kind: Kind ', '{ kind: Kind  most: Int! '],
      'BREAKING',
      'REQUIRED_INPUT_FIELD_ADDED',
      'Filter.most',
      ['towns.graphql'],
    ],
    [
      'an interface that a type leaves',
      ['Cape implements Place', 'Cape'],
      'BREAKING',
      'IMPLEMENTED_INTERFACE_REMOVED',
      'Cape',
      ['names.graphql'],
    ],
    [
      'another kind of type',
      ['union Thing = Town | Cape', 'scalar Thing'],
      'BREAKING',
      'TYPE_CHANGED_KIND',
      'Thing',
      [],
    ],
    ['a value more', ['YEW', 'YEW ELM'], 'DANGEROUS', 'VALUE_ADDED_TO_ENUM', 'Kind.ELM', ['towns.graphql']],
    [
      'an argument more',
      ['place(id: ID!)', 'place(id: ID!, at: Int)'],
      'DANGEROUS',
      'OPTIONAL_ARG_ADDED',
      'Query.place(at:)',
      ['names.graphql'],
    ],
    [
      'another default',
      ['= OAK', '= YEW'],
      'DANGEROUS',
      'ARG_DEFAULT_VALUE_CHANGE',
      'Town.trees(kind:)',
      ['towns.graphql'],
    ],
    [
      'another default of an input',
      ['least: Int = 1', 'least: Int = 2'],
      'DANGEROUS',
      'INPUT_FIELD_DEFAULT_CHANGE',
      'Filter.least',
      ['towns.graphql'],
    ],
    [
      'an input more',
      ['{ kind: Kind ', '{ kind: Kind  most: Int '],
      'DANGEROUS',
      'OPTIONAL_INPUT_FIELD_ADDED',
      'Filter.most',
      ['towns.graphql'],
    ],
  ])('names where, and whom it touches: %s', (_, [from, to], severity, kind, where, operations) => {
    const found = changes((sdl) => sdl.replace(from, to)).filter((one) => one.kind !== 'OPERATION_BROKEN')
    expect(found).toMatchObject([{ severity, kind, where, operations }])
  })

  it('touches whoever asks it by way of an interface', () => {
    const found = changes((sdl) => sdl.replaceAll(/ {2}name: String/g, ''))
    expect(
      found.filter(({ kind }) => kind === 'FIELD_REMOVED').map(({ where, operations }) => [where, operations]),
    ).toEqual(['Cape.name', 'Place.name', 'Town.name'].map((where) => [where, ['names.graphql']]))
  })

  it('tells of each operation that is valid no longer why, also where graphql-js sees no change of one thing', () => {
    expect(changes((sdl) => sdl.replace('mayor: String', '')).find(({ kind }) => kind === 'OPERATION_BROKEN')).toEqual({
      severity: 'BREAKING',
      kind: 'OPERATION_BROKEN',
      where: 'towns.graphql',
      what: 'Cannot query field "mayor" on type "Town".',
      operations: ['towns.graphql'],
    })
  })

  it.each([
    ['mayor: String', 'BREAKING', /it was never deprecated/],
    ['tracks: Int @deprecated(reason: "Use roads.")', 'BREAKING', /does not say since when/],
    [
      'paths: Int @deprecated(reason: "Use roads. Since 2026-06-01.")',
      'BREAKING',
      /since 2026-06-01, less than a year/,
    ],
    ['lanes: Int @deprecated(reason: "Use roads. Since 2025-01-01.")', 'ANNOUNCED', /since 2025-01-01\./],
  ])('lets a field go a year after its deprecation: %s is %s', (field, severity, says) => {
    const [first] = changes((sdl) => sdl.replace(field, ''))
    expect(first).toMatchObject({ severity, what: expect.stringMatching(says) })
  })

  it('is breaking where an operation in use still has it, however long ago it was deprecated', () => {
    const [after] = [BASE.replace(/lanes: Int @deprecated\([^)]*\)/, '')]
    const used = [{ name: 'old.graphql', document: parse('{ towns { lanes } }') }]
    expect(changesBetween(buildSchema(BASE), buildSchema(after), used, TODAY).map(({ severity }) => severity)).toEqual([
      'BREAKING',
      'BREAKING',
    ])
  })

  it('is written for a person, the gravest first, and counted', () => {
    const text = describeChanges(
      changes((sdl) => sdl.replace('mayor: String', '').replace('YEW', 'YEW ELM')),
      2,
    )
    expect(text).toMatch(/^BREAKING: .*\n {2}Town\.mayor\n.*never deprecated.*\n {4}touches towns\.graphql\n/)
    expect(text.indexOf('DANGEROUS')).toBeGreaterThan(text.indexOf('BREAKING'))
    expect(text).toMatch(/2 breaking, 1 dangerous, 0 announced, held against 2 operations in use\n$/)
  })
})

describe('the schema that is served now', () => {
  const asked: { url: string; init: RequestInit }[] = []
  const answering = (body: string, init: ResponseInit = {}) =>
    (async (url: URL, request: RequestInit) => {
      asked.push({ url: String(url), init: request })
      return new Response(body, init)
    }) as typeof fetch

  it('is read of a running service, whichever of its addresses is given', async () => {
    const body = JSON.stringify({ data: introspectionFromSchema(buildSchema(BASE), { inputValueDeprecation: true }) })
    for (const place of ['http://a.example', 'http://a.example/graphql']) {
      const schema = await readServed(place, { fetch: answering(body) })
      expect(changesBetween(schema, buildSchema(BASE), OPERATIONS, TODAY)).toEqual([])
      expect(asked.at(-1)).toMatchObject({
        url: 'http://a.example/graphql',
        init: { method: 'POST', redirect: 'manual' },
      })
    }
  })

  it.each([
    ['a supergraph', SUPERGRAPH],
    ['an API schema', 'type Query { town: Town } type Town { name: String }'],
  ])('is read of a file that a server has: %s', async (_, text) => {
    const schema = await readServed('https://a.example/s.graphql', { fetch: answering(text) })
    expect(schema.getType('Town')).toBeDefined()
    expect(schema.getType('join__Graph')).toBeUndefined()
  })

  it.each([
    ['another protocol', 'file:///etc/passwd', answering('')],
    ['a redirection', 'http://a.example', answering('', { status: 302, headers: { location: 'http://b.example' } })],
    ['what is no GraphQL', 'http://a.example', answering('<html>')],
    ['an error', 'http://a.example', answering('{"errors":[{"message":"no"}]}')],
    ['a file that is no schema', 'http://a.example/s.graphql', answering('<html>')],
    ['a file that is not there', '/no/such/file', answering('')],
  ])('is refused with what was expected: %s', async (_, place, ask) => {
    await expect(readServed(place, { fetch: ask })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  it('asks a running subgraph in a signed call, and says what is wrong with the secret', async () => {
    const secret = 'a secret of a test'
    const sdl = await readSubgraph('http://a.example/', secret, {
      fetch: answering('{"data":{"_service":{"sdl":"type Query { a: Int }"}}}'),
      now: () => TODAY,
    })
    expect(sdl).toBe('type Query { a: Int }')
    const [{ init }] = asked.slice(-1) as unknown as [{ init: { body: string; headers: Record<string, string> } }]
    const { body, headers } = init
    const call = { signature: headers['strates-signature'], authorization: undefined, body }
    expect(refusalOf(call, secret, TODAY)).toBeUndefined()
    await expect(
      readSubgraph('http://a.example/', undefined, { fetch: answering('{}', { status: 401 }) }),
    ).rejects.toThrow(/STRATES_SUBGRAPH_SECRET/)
  })
})

describe('npm run compose -- --against', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'strates-compose-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const COMMITTED = 'gateway/supergraph.graphql'
  const run = (...given: string[]) =>
    spawnSync(process.execPath, ['gateway/compose.ts', ...given], { cwd: REPOSITORY, encoding: 'utf8' })

  it('ends with 0 and writes what breaks nothing; with 1, writing nothing, where a subgraph drops what is in use', () => {
    const out = join(folder, 'out.graphql')
    const same = run('--against', COMMITTED, '--out', out)
    expect([same.status, same.stdout]).toEqual([0, expect.stringMatching(/^0 breaking, 0 dangerous, 0 announced/)])
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(REPOSITORY, COMMITTED), 'utf8'))

    const schema = readFileSync(join(REPOSITORY, 'subgraphs/national/schema.graphql'), 'utf8')
    const national = join(folder, 'national.graphql')
    const nowhere = join(folder, 'nowhere.graphql')
    writeFileSync(national, schema.replaceAll(/^ {2}competences\b/gm, '  powers'))
    const broken = run('--against', COMMITTED, '--subgraph', `national=${national}`, '--out', nowhere)
    expect(broken.status).toBe(1)
    expect(broken.stdout).toMatch(/Commune\.competences\n.*never deprecated.*\n.*operations\/competences\.graphql/)
    expect(() => readFileSync(nowhere)).toThrow(/ENOENT/)
  })

  it.each([
    ['a subgraph that is none', ['--against', COMMITTED, '--subgraph', 'nope=x'], /--subgraph nope=x/],
    ['operations for nothing', ['--operations', 'operations'], /--against/],
    ['an option that is none', ['--agaisnt', 'x'], /--agaisnt/],
  ])('ends with 2 and says how to write it: %s', (_, given, says) => {
    const { status, stderr } = run(...given)
    expect(status).toBe(2)
    expect(stderr).toMatch(says)
    expect(stderr).toContain('npm run compose')
  })
})
