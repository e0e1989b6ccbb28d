import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as everything from '../../clients/typescript/src/index.ts'
import {
  createClient,
  EnrolmentByTierDocument,
  SchoolsDocument,
  SchoolsNearDocument,
  StratesClientError,
  TerritoryDocument,
  type Client,
  type StratesDocument,
} from '../../clients/typescript/src/index.ts'
import { startService, VERSION, type Service } from './service.ts'

let service: Service
let strates: Client
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service?.close())
beforeEach(() => {
  service.seen()
  strates = createClient({ url: service.url })
})

describe('a client asks', () => {
  it('a question and has its figures, with status, owner and version', async () => {
    const { data, errors, dataVersion, cost } = await strates.ask(EnrolmentByTierDocument, { schoolYear: 2021 })
    expect(data.commune?.schoolEnrolment.primary).toMatchObject({
      status: 'NORMAL',
      provenance: { owner: { name: 'Communes' }, datasetId: 'fr-en-ecoles-effectifs-nb_classes' },
    })
    expect(data.commune?.schoolEnrolment.primary?.value).toBeGreaterThan(0)
    expect(errors).toEqual([])
    expect(dataVersion).toBe(VERSION)
    expect(cost?.requested).toBeGreaterThan(0)
  })

  it('by GET and by the hash of the document, from the first request on', async () => {
    await strates.ask(TerritoryDocument, { id: 'departement:2A' })
    const [{ request }, ...others] = service.seen() as [ReturnType<Service['seen']>[number]]
    expect(others).toEqual([])
    expect(request.method).toBe('GET')
    expect(request.url.length).toBeLessThan(250)
    expect(request.url).toContain(createHash('sha256').update(TerritoryDocument.text).digest('hex'))
    expect(new URL(request.url, service.url).searchParams.get('variables')).toBe('{"id":"departement:2A"}')
  })

  it('with the text where the service does not know its hash, which it does the next time', async () => {
    const text = 'query Mine { nation { name } }'
    const mine: StratesDocument<{ readonly nation: { readonly name: string } | null }, { [key: string]: never }> = {
      operationName: 'Mine',
      hash: createHash('sha256').update(text).digest('hex'),
      text,
    }
    expect((await strates.ask(mine)).data).toEqual({ nation: { name: 'France' } })
    expect(service.seen()).toHaveLength(2)
    expect((await strates.ask(mine)).data.nation?.name).toBe('France')
    expect(service.seen()).toHaveLength(1)
  })

  it('by POST where the address would be too long', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `commune:${35001 + (index % 300)}`)
    const many: StratesDocument<{ readonly territories: readonly object[] }, { readonly ids: readonly string[] }> = {
      operationName: 'Many',
      text: 'query Many($ids: [ID!]!) { territories(ids: $ids) { id } }',
    }
    const { data } = await strates.ask(many, { ids })
    expect(data.territories).toHaveLength(450)
    expect(service.seen().map(({ request }) => request.method)).toEqual(['POST'])
  })

  it('under the name that it was given, and under none otherwise, which a browser may send unasked', async () => {
    await createClient({ url: `${service.url}/`, clientName: 'carte-scolaire' }).ask(TerritoryDocument)
    await strates.ask(TerritoryDocument)
    const names = service.seen().map(({ request }) => request.headers['apollographql-client-name'])
    expect(names).toEqual(['carte-scolaire', undefined])
  })
})

describe('a client has', () => {
  it('every question of the service, by the hash that the service knows', async () => {
    const { operations } = (await (await fetch(`${service.url}/v1/`)).json()) as {
      operations: readonly { readonly sha256Hash: string }[]
    }
    const documents = Object.values(everything).filter((one) => typeof one === 'object')
    expect(documents.map(({ hash }) => hash).toSorted()).toEqual(
      operations.map(({ sha256Hash }) => sha256Hash).toSorted(),
    )
  })

  it('no header that a page may not send, nor reads one that it may not read', async () => {
    const sends = createClient({ url: service.url, clientName: 'carte' })
    await sends.ask(TerritoryDocument)
    await sends.ask(TerritoryDocument)
    const sent = new Set(service.seen().flatMap(({ request }) => Object.keys(request.headers)))
    const preflight = await fetch(`${service.url}/graphql`, { method: 'OPTIONS' })
    const listOf = (name: string) => (preflight.headers.get(name) ?? '').toLowerCase().split(', ')
    const ours = ['accept', 'if-none-match', 'apollographql-client-name']
    expect([...sent]).toEqual(expect.arrayContaining(ours))
    expect(listOf('access-control-allow-headers')).toEqual(expect.arrayContaining([...ours, 'content-type']))
    const read = ['etag', 'retry-after', 'x-request-id']
    expect(listOf('access-control-expose-headers')).toEqual(expect.arrayContaining(read))
  })
})

describe('what was asked before', () => {
  const ask = () => strates.ask(TerritoryDocument, { id: 'region:53' })

  it('is confirmed with 304 and read from memory', async () => {
    const first = await ask()
    const second = await ask()
    expect(service.seen().map(({ response }) => response.status)).toEqual([200, 304])
    expect(second).toEqual(first)
    expect(second.data.territory?.name).toBe('Bretagne')
  })

  it('is another object each time: who changes one spoils no other', async () => {
    const first = await ask()
    Object.assign(first.data.territory ?? {}, { name: 'changed' })
    expect((await ask()).data.territory?.name).toBe('Bretagne')
  })

  it('is fetched again where memory has no room for it', async () => {
    strates = createClient({ url: service.url, memory: 0 })
    await ask()
    await ask()
    expect(service.seen().map(({ response }) => response.status)).toEqual([200, 200])
  })

  it('gives way to what was asked later, the longest unused first', async () => {
    const size = JSON.stringify((await ask()).data).length + 600
    strates = createClient({ url: service.url, memory: 2 * size })
    const askOf = (id: string) => strates.ask(TerritoryDocument, { id })
    service.seen()
    for (const id of ['region:53', 'region:52', 'region:53', 'region:28', 'region:53', 'region:52']) await askOf(id)
    expect(service.seen().map(({ response }) => response.status)).toEqual([200, 200, 304, 200, 304, 200])
  })
})

describe('pages', () => {
  const departement = { id: 'departement:35', first: 2 }

  it('give each entry of a list once, in order, and as many as there are', async () => {
    const all = await strates.ask(SchoolsDocument, { id: 'departement:35', first: 1000 })
    const expected = all.data.territory?.schools?.nodes?.map((node) => node?.uai)
    service.seen()
    const uais: string[] = []
    for await (const { uai } of strates.entries(SchoolsDocument, departement, (data) => data.territory?.schools)) {
      uais.push(uai)
    }
    expect(uais).toEqual(expected)
    expect(uais).toHaveLength(all.data.territory?.schools?.totalCount ?? 0)
    expect(new Set(uais).size).toBe(uais.length)
    expect(service.seen()).toHaveLength(Math.ceil(uais.length / 2))
  })

  it('give edges where a document asks for these', async () => {
    const near = { lat: 48.1, lon: -1.7, radiusKm: 100, first: 1 }
    const distances: number[] = []
    for await (const edge of strates.entries(SchoolsNearDocument, near, (data) => data.schoolsNear)) {
      distances.push(edge.distanceKm)
    }
    expect(distances.length).toBeGreaterThan(2)
    expect(distances).toEqual(distances.toSorted((left, right) => left - right))
  })

  it('are asked for one after another, and no further than they are read', async () => {
    for await (const { entries, connection, answer } of strates.pages(
      SchoolsDocument,
      departement,
      (data) => data.territory?.schools,
    )) {
      expect(entries).toHaveLength(2)
      expect(connection.totalCount).toBeGreaterThan(2)
      expect(answer.data.territory?.name).toBe('Ille-et-Vilaine')
      break
    }
    expect(service.seen()).toHaveLength(1)
  })

  it('say so where there is no list', async () => {
    const nowhere = strates.entries(SchoolsDocument, departement, () => null)
    await expect(nowhere.next()).rejects.toMatchObject({ code: 'PARTIAL_ANSWER' })
  })
})

describe('what goes wrong', () => {
  it('is an error with the code and the advice of the service where nothing was found', async () => {
    const error = await strates.ask(TerritoryDocument, { id: 'commune:99999' }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(StratesClientError)
    expect(error).toMatchObject({
      name: 'StratesClientError',
      code: 'UNKNOWN_TERRITORY',
      status: 200,
      message: expect.stringContaining('99999'),
      requestId: expect.stringMatching(/^[\w-]{8,}$/),
      errors: [{ path: ['territory'], extensions: { suggestions: [{ code: '98901' }] } }],
    })
  })

  it('stands beside what was found where a part is missing', async () => {
    const { data, errors } = await strates.ask(EnrolmentByTierDocument, { commune: '99999' })
    expect(data.commune).toBeNull()
    expect(data.region?.name).toBe('Bretagne')
    expect(errors).toMatchObject([{ path: ['commune'], extensions: { code: 'UNKNOWN_TERRITORY' } }])
  })

  it('is the code of a document that does not fit the schema', async () => {
    const wrong: StratesDocument<object, object> = { operationName: 'Wrong', text: 'query Wrong { nation { nom } }' }
    await expect(strates.ask(wrong)).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', status: 400 })
  })

  it('is the reason of the signal where the caller gives up', async () => {
    const signal = AbortSignal.abort(new Error('the page was left'))
    await expect(strates.ask(TerritoryDocument, {}, { signal })).rejects.toThrow('the page was left')
    expect(service.seen()).toEqual([])
  })
})
