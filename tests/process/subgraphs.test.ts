import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { cleanUp, ownFolder, run, start, type Program } from './program.ts'

const SUBGRAPH = 'subgraphs/main.ts'

let data: string
beforeAll(async () => {
  data = await fixtureStore()
})
afterAll(cleanUp)

async function ask(url: string, query: string, variables: object = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as { data?: any; errors?: any[] }
}

describe('one subgraph alone', () => {
  let commune: Program
  let url: string
  beforeAll(async () => {
    // Without NODE_ENV, as someone starts it who does not go through npm.
    commune = start(SUBGRAPH, ['commune', '--port', '0'], { STRATES_DATA: data, NODE_ENV: '' })
    url = (await commune.says(/subgraph commune on (http:\/\/127\.0\.0\.1:\d+\S*),/))[1] ?? ''
  })

  it('says its schema, as composition needs it', async () => {
    const { data: answered } = await ask(url, '{ _service { sdl } }')
    expect(answered._service.sdl).toMatch(/type SchoolEnrolment[^}]*@key/)
    expect(answered._service.sdl).toContain('primary: Observation')
    expect(answered._service.sdl).not.toContain('lowerSecondary')
  })

  it('answers what it owns at every tier, for references from other subgraphs', async () => {
    const ids = ['commune:35238', 'departement:35', 'region:53', 'nation:FR', 'epci:243500139', 'grouping:academie-14']
    const { data: answered, errors } = await ask(
      url,
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on SchoolEnrolment { id primary { value status provenance { owner { id } } } } } }',
      { of: ids.map((id) => ({ __typename: 'SchoolEnrolment', id: `${id}@2022/g2026` })) },
    )
    expect(errors).toBeUndefined()
    expect(answered._entities.map(({ primary }: { primary: { value: number } }) => primary.value)).toEqual([
      180, 296, 330, 472, 180, 330,
    ])
    expect(answered._entities[0].primary.provenance.owner.id).toBe('commune')
  })

  it.each([
    ['of no territory', { __typename: 'Commune', id: 'commune:99999' }, 'UNKNOWN_TERRITORY'],
    ['of another tier', { __typename: 'Commune', id: 'departement:35' }, 'INVALID_CODE'],
    ['that is no id', { __typename: 'SchoolEnrolment', id: 'nonsense' }, 'INVALID_CODE'],
    [
      'on a geography not held',
      { __typename: 'SchoolEnrolment', id: 'commune:35238@2022/g1942' },
      'UNSUPPORTED_GEOGRAPHY',
    ],
    ['of a vintage not held', { __typename: 'Commune', id: 'commune:35238/g1942' }, 'UNSUPPORTED_GEOGRAPHY'],
    [
      'of a measure on a geography not held',
      { __typename: 'CommuneMeasureCell', id: 'pupils-primary|commune:35238/g1942|2022' },
      'UNSUPPORTED_GEOGRAPHY',
    ],
    ['of a measure that is none', { __typename: 'CommuneMeasureCell', id: 'nope|commune:35238|2022' }, 'INVALID_CODE'],
  ])('refuses a reference %s with a code', async (_, reference, code) => {
    const { errors } = await ask(
      url,
      'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Commune { name } ... on SchoolEnrolment { primary { value } } ... on CommuneMeasureCell { observation { value } } } }',
      { of: [reference] },
    )
    expect(errors).toHaveLength(1)
    expect(errors?.[0].extensions.code).toBe(code)
  })

  it('shows no stack to those who ask', async () => {
    const { errors } = await ask(url, '{ commune(code: "99999") { id } }')
    expect(errors?.[0].extensions).toMatchObject({ code: 'UNKNOWN_TERRITORY' })
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|\.ts:\d+/)
  })

  it('writes nothing but where it answers', () => {
    expect(commune.output().stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^subgraph commune on .*data version [0-9a-f]{16}$/),
    ])
    expect(commune.output().stderr).toBe('')
  })

  it('ends on SIGTERM', async () => {
    commune.send('SIGTERM')
    expect(await commune.ended).toMatchObject({ code: 0, signal: null })
  })
})

describe('each other subgraph', () => {
  it.each(OWNERS.filter((name) => name !== 'commune'))('starts alone: %s', async (name) => {
    const subgraph = start(SUBGRAPH, [name, '--port', '0'], { STRATES_DATA: data })
    const [, url = ''] = await subgraph.says(new RegExp(`subgraph ${name} on (http://127\\.0\\.0\\.1:\\d+\\S*),`))
    expect(await ask(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } })
    subgraph.send('SIGINT')
    await subgraph.ended
  })
})

describe('a subgraph that cannot start', () => {
  it.each([
    ['an unknown name', ['canton'], ['canton', 'commune, epci, departement, region, national']],
    ['no name', [], ['no name given']],
    ['two names', ['commune', 'epci'], ['commune epci']],
    ['a port that is none', ['commune', '--port', 'abc'], ['--port abc']],
    ['an unknown option', ['commune', '--nope'], ['--nope']],
  ])('ends with 2 and shows how to start it: %s', async (_, given, says) => {
    const { code, stdout, stderr } = await run(SUBGRAPH, given, { STRATES_DATA: data })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    for (const part of ['INVALID_OPTION', 'npm run subgraph -- commune', ...says]) expect(stderr).toContain(part)
  })

  it('says that there is no store, and how to get one', async () => {
    const folder = await ownFolder()
    const { code, stderr } = await run(SUBGRAPH, ['commune', '--port', '0'], { STRATES_DATA: folder })
    expect(code).toBe(1)
    for (const part of ['STORE_MISSING', folder, 'npm run ingest']) expect(stderr).toContain(part)
  })

  it('says which port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    try {
      const { port } = squatter.address() as AddressInfo
      const { code, stderr } = await run(SUBGRAPH, ['commune', '--port', `${port}`], { STRATES_DATA: data })
      expect(code).toBe(1)
      for (const part of ['CONFIGURATION_INVALID', `${port}`]) expect(stderr).toContain(part)
      expect(stderr).not.toMatch(/\n\s+at /)
    } finally {
      await new Promise((resolve) => squatter.close(resolve))
    }
  })
})
