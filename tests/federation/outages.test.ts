/** The five subgraphs as servers, one of them stopped, and the gateway asked over HTTP for everything. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import type { Store } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { listen, type Listening } from '../../gateway/serve.ts'
import { serveSubgraph } from '../../subgraphs/kit/serve.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { readSupergraph, subgraphsOver, type Answer } from './federation.ts'
import { PROBES, ROUTES, SHARED_FIELDS, type Probe, type Route } from './paths.ts'
import { fieldsOfSupergraph } from './supergraph.ts'

/** The federation in six servers. */
interface World {
  ask(query: string): Promise<Answer>
  stop(owner: OwnerName): Promise<void>
  close(): Promise<void>
}

let store: Store
beforeAll(async () => {
  store = await openFixtureStore()
})

async function startWorld(): Promise<World> {
  const servers = new Map<OwnerName, Awaited<ReturnType<typeof serveSubgraph>>>()
  for (const subgraph of subgraphsOver(store)) {
    servers.set(subgraph.name, await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0 }))
  }
  // In one pass: a port that was free may begin with the digits of one that is still to be replaced.
  const supergraphSdl = (await readSupergraph()).replace(
    /http:\/\/127\.0\.0\.1:400([1-5])\b/g,
    (_, position) => servers.get(OWNERS[Number(position) - 1] ?? 'national')?.url ?? '',
  )
  const app: App = createApp({ engine: createEngine({ supergraphSdl }), log: SILENT })
  await app.ready
  const gateway: Listening = await listen({ app, port: 0 })

  // What is made at the first question of its kind is not what is tested here, and a busy machine may take long over it.
  await fetch(`${servers.get('national')?.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ search(text: "rennes") { label } }' }),
  })

  async function stop(owner: OwnerName): Promise<void> {
    await servers.get(owner)?.close()
    servers.delete(owner)
  }
  return {
    stop,
    async ask(query) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as Answer
    },
    async close() {
      await gateway.close()
      await app.close()
      for (const owner of OWNERS) await stop(owner)
    },
  }
}

/** The value at a path of an answer; undefined below a null. */
const valueAt = (data: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], data)

/** Every place of an answer that is null, but for the value of an observation, whose status says why. */
function nullsOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (value === null) return path.at(-1) === 'value' ? [] : [path]
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    nullsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

const routesOf = ({ type }: Probe): readonly Route[] => ROUTES[type] ?? []
const titleOf = ({ type, field }: Probe, { path }: Route) => `${type}.${field} through ${path.join('.') || 'the root'}`

describe('the table of fields', () => {
  it('holds every field of the supergraph that has a single owner, with that owner', async () => {
    const apart = ['SchoolEnrolment.total', 'Commune.resolvedFrom', 'Epci.resolvedFrom']
    const fields = await fieldsOfSupergraph()
    const single = fields.filter(({ type, field, owners, knownTo }) => {
      const isPlace = ROUTES[type] !== undefined
      return isPlace && owners.length === 1 && knownTo.length > 1 && !apart.includes(`${type}.${field}`)
    })
    const named = (rows: readonly { type: string; field: string; owner: string | undefined }[]) =>
      rows.map(({ type, field, owner }) => `${type}.${field}: ${owner}`).toSorted()
    expect(named(PROBES.map(({ type, field, owner }) => ({ type, field, owner })))).toEqual(
      named(single.map(({ type, field, owners }) => ({ type, field, owner: owners[0] }))),
    )
  })
})

describe('with all five subgraphs', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.close())

  it('answers every field through every way, without a null or an error', async () => {
    for (const probe of PROBES) {
      for (const route of routesOf(probe)) {
        const { data, errors } = await world.ask(route.query(probe.selection))
        expect(errors, titleOf(probe, route)).toBeUndefined()
        expect(nullsOf(data), titleOf(probe, route)).toEqual([])
      }
    }
  })
})

describe.each(OWNERS)('with the %s subgraph stopped', (stopped) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    // The gateway has open connections to it, as in a real outage.
    await world.ask(
      `{ commune(code: "35238") { epci { id } departement { communes(first: 1) { totalCount } region { departements { totalCount } } } population { value } } }`,
    )
    await world.stop(stopped)
  })
  afterAll(() => world?.close())

  it('leaves a way to every field of the other four', () => {
    const unreachable = PROBES.filter(
      (probe) => probe.owner !== stopped && routesOf(probe).every(({ through }) => through.includes(stopped)),
    )
    expect(unreachable.map(({ type, field }) => `${type}.${field}`)).toEqual([])
  })

  it('answers every field of the other four, through every way that does not pass it', async () => {
    let asked = 0
    for (const probe of PROBES.filter(({ owner }) => owner !== stopped)) {
      for (const route of routesOf(probe).filter(({ through }) => !through.includes(stopped))) {
        const { data, errors } = await world.ask(route.query(probe.selection))
        expect(errors, titleOf(probe, route)).toBeUndefined()
        expect(valueAt(data, [...route.path, probe.field]), titleOf(probe, route)).toBeTruthy()
        expect(nullsOf(data), titleOf(probe, route)).toEqual([])
        asked += 1
      }
    }
    expect(asked).toBeGreaterThan(60)
  })

  it('leaves a null with a coded error that names it, at each of its fields and nowhere else', async () => {
    for (const probe of PROBES.filter(({ owner }) => owner === stopped)) {
      for (const route of routesOf(probe).filter(({ through }) => !through.includes(stopped))) {
        const { data, errors } = await world.ask(
          route.query(`${probe.selection} ${probe.type === 'Query' ? '__typename' : ''}`),
        )
        const path = [...route.path, probe.field]
        expect(nullsOf(data), titleOf(probe, route)).toEqual([path])
        expect(errors, titleOf(probe, route)).toHaveLength(1)
        expect(errors?.[0], titleOf(probe, route)).toMatchObject({
          path,
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: stopped },
        })
      }
    }
  })

  it('leaves a coded error for every null on the ways that pass it', async () => {
    for (const probe of PROBES) {
      for (const route of routesOf(probe).filter(({ through }) => through.includes(stopped))) {
        const { data, errors } = await world.ask(route.query(probe.selection))
        const nulls = nullsOf(data)
        expect(nulls.length, titleOf(probe, route)).toBeGreaterThan(0)
        expect(
          errors?.map(({ path }) => path),
          titleOf(probe, route),
        ).toEqual(nulls)
        for (const { extensions } of errors ?? []) {
          expect(extensions, titleOf(probe, route)).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: stopped })
        }
      }
    }
  })

  it('says of a territory what every subgraph can, through every way that does not pass it', async () => {
    for (const type of ['Commune', 'Epci', 'Departement', 'Region', 'Nation', 'Grouping']) {
      for (const route of (ROUTES[type] ?? []).filter(({ through }) => !through.includes(stopped))) {
        const { data, errors } = await world.ask(route.query(SHARED_FIELDS))
        expect(errors, `${type} through ${route.path.join('.')}`).toBeUndefined()
        expect(valueAt(data, [...route.path, 'schoolEnrolment', 'schoolYear'])).toBe(2021)
      }
    }
  })

  it('gives the measures of the others by id', async () => {
    const { data, errors } = await world.ask(
      '{ territory(id: "commune:35238") { observations(measures: ["pupils-primary", "pupils-lower-secondary", "pupils-upper-secondary", "population-municipale"], from: 2021, to: 2021) { measure observation { value } } } }',
    )
    if (stopped === 'national') {
      expect(data.territory).toBeNull()
    } else {
      const owners = ['commune', 'departement', 'region', 'national']
      const came = data.territory.observations.map(
        ({ observation }: { observation: object | null }) => observation !== null,
      )
      expect(came).toEqual(owners.map((owner) => owner !== stopped))
    }
    const expected =
      stopped === 'epci'
        ? undefined
        : [
            expect.objectContaining({
              extensions: expect.objectContaining({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: stopped }),
            }),
          ]
    expect(errors).toEqual(expected)
  })
})

describe('the total of an enrolment', () => {
  const CYCLES = [
    { owner: 'commune', field: 'primary', label: 'the primary cycle', rest: 400 + 700 },
    { owner: 'departement', field: 'lowerSecondary', label: 'the collège cycle', rest: 150 + 700 },
    { owner: 'region', field: 'upperSecondary', label: 'the lycée cycle', rest: 150 + 400 },
  ] as const

  it.each(CYCLES)(
    'is PARTIAL over the parts that came when the $owner subgraph is stopped, and names $label',
    async ({ owner, field, label, rest }) => {
      const world = await startWorld()
      try {
        await world.stop(owner)
        const { data, errors } = await world.ask(
          '{ territory(id: "commune:35238") { schoolEnrolment(schoolYear: 2021) { primary { value } lowerSecondary { value } upperSecondary { value } total { value status notes coverage { expected } } } } }',
        )
        const { total, ...parts } = data.territory.schoolEnrolment
        expect(parts[field]).toBeNull()
        expect(Object.values(parts).filter((part) => part === null)).toHaveLength(1)
        expect(total).toMatchObject({ value: rest, status: 'PARTIAL', coverage: null })
        expect(total.notes.join(' ')).toMatch(new RegExp(`Not counted: ${label}.*whose owner did not answer`))
        expect(errors).toHaveLength(1)
        expect(errors?.[0]).toMatchObject({
          path: ['territory', 'schoolEnrolment', field],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: owner },
        })
      } finally {
        await world.close()
      }
    },
  )

  it('has an error that names the stopped owner even where only the total was asked', async () => {
    const world = await startWorld()
    try {
      await world.stop('region')
      const { data, errors } = await world.ask(
        '{ commune(code: "35238") { name schoolEnrolment(schoolYear: 2021) { total { value status } } } }',
      )
      expect(data.commune).toEqual({ name: 'Rennes', schoolEnrolment: { total: { value: 550, status: 'PARTIAL' } } })
      expect(errors).toHaveLength(1)
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'region' })
    } finally {
      await world.close()
    }
  })

  it('is absent, never 0, when no owner of a cycle answers', async () => {
    const world = await startWorld()
    try {
      for (const { owner } of CYCLES) await world.stop(owner)
      const { data, errors } = await world.ask(
        '{ territory(id: "commune:35238") { name schoolEnrolment(schoolYear: 2021) { total { value status notes } } } }',
      )
      expect(data.territory.schoolEnrolment.total).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
      expect(data.territory.schoolEnrolment.total.notes).toHaveLength(3)
      expect(new Set(errors?.map(({ extensions }) => extensions['subgraph']))).toEqual(
        new Set(CYCLES.map(({ owner }) => owner)),
      )
    } finally {
      await world.close()
    }
  })
})

describe('the query of the README', () => {
  it.each(OWNERS)('keeps the cards of the other tiers when the %s subgraph is stopped', async (stopped) => {
    const world = await startWorld()
    try {
      await world.stop(stopped)
      const { data, errors } = await world.ask(`{
        commune(code: "35238") { name } epci(siren: "243500139") { name } departement(code: "35") { name } region(code: "53") { name } nation { name } }`)
      const roots: Readonly<Record<OwnerName, string>> = {
        commune: 'commune',
        epci: 'epci',
        departement: 'departement',
        region: 'region',
        national: 'nation',
      }
      for (const owner of OWNERS) expect(data[roots[owner]] === null, owner).toBe(owner === stopped)
      expect(errors).toHaveLength(1)
    } finally {
      await world.close()
    }
  })
})
