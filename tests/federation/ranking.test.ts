import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

const RANKING = `query ($measure: ID!, $tier: Tier!, $within: ID, $year: Int, $order: RankingOrder, $first: Int, $after: String) {
  ranking(measure: $measure, tier: $tier, within: $within, schoolYear: $year, order: $order, first: $first, after: $after) {
    period rule totalCount
    within { id ... on Region { resolvedFrom { code } } }
    quartiles { q1 median q3 }
    nodes { rank ties territory { id } observation { value status provenance { datasetId owner { id } } }
      cell { id observation { value status } } }
    edges { cursor node { territory { id } } }
    pageInfo { hasNextPage endCursor }
    unranked(first: 2) { totalCount statuses { status count } nodes { territory { id } observation { value status } } }
  }
}`

interface Entry {
  readonly rank: number
  readonly ties: number
  readonly territory: { readonly id: string }
  readonly observation: { readonly value: number; readonly status: string }
  readonly cell: { readonly id: string; readonly observation: object }
}

const rank = async (variables: object): Promise<any> => (await federation.get(RANKING, { ...variables })).ranking
const refusalOf = async (variables: object) => (await federation.ask(RANKING, { ...variables })).errors?.[0]
const shown = (entries: readonly Entry[]) =>
  entries.map(({ rank: place, territory, observation }) => [place, territory.id, observation.value])

describe('a ranking', () => {
  it('lists the territories of a tier from the largest value, with the owner and dataset of each', async () => {
    const { period, totalCount, nodes } = await rank({ measure: 'pupils-primary', tier: 'DEPARTEMENT' })
    expect([period, totalCount]).toEqual(['2022', 4])
    expect(shown(nodes)).toEqual([
      [1, 'departement:35', 296],
      [2, 'departement:75', 81],
      [3, 'departement:2A', 61],
      [4, 'departement:22', 34],
    ])
    expect(nodes[0].observation).toEqual({
      value: 296,
      status: 'PARTIAL',
      provenance: { datasetId: 'fr-en-ecoles-effectifs-nb_classes', owner: { id: 'commune' } },
    })
  })

  it('agrees with what each owner says beside it, for every measure', async () => {
    const { measures } = await federation.get('{ measures { id owner } }')
    const owners = new Set(measures.map(({ owner }: { readonly owner: string }) => owner))
    expect([...owners].toSorted()).toEqual(['commune', 'departement', 'national', 'region'])
    for (const { id } of measures) {
      const { nodes } = await rank({ measure: id, tier: 'COMMUNE', within: 'departement:35', first: 20 })
      expect(nodes.length, id).toBeGreaterThan(0)
      for (const { observation, cell } of nodes as readonly Entry[]) {
        const { value, status } = observation
        expect(cell.observation, cell.id).toEqual({ value, status })
      }
    }
  })

  it('lets those with the same value share a rank, in the order of their codes', async () => {
    const { nodes } = await rank({
      measure: 'pupils-lower-secondary',
      tier: 'COMMUNE',
      within: 'departement:35',
      first: 4,
    })
    expect(shown(nodes)).toEqual([
      [1, 'commune:35238', 410],
      [2, 'commune:35360', 36],
      [3, 'commune:35001', 0],
      [3, 'commune:35002', 0],
    ])
    expect(nodes[3].ties).toBe(nodes[2].ties)
    expect(nodes[3].ties).toBeGreaterThan(300)
  })

  it('begins with the smallest where that is asked', async () => {
    const { nodes } = await rank({ measure: 'pupils-primary', tier: 'DEPARTEMENT', order: 'ASC' })
    expect(shown(nodes).map(([place, id]) => [place, id])).toEqual([
      [1, 'departement:22'],
      [2, 'departement:2A'],
      [3, 'departement:75'],
      [4, 'departement:35'],
    ])
  })

  it('counts those without a value, and says why they have none', async () => {
    const { unranked, totalCount } = await rank({ measure: 'pupils-primary', tier: 'DEPARTEMENT' })
    expect(totalCount + unranked.totalCount).toBe(101)
    expect(unranked).toEqual({
      totalCount: 97,
      statuses: [{ status: 'SOURCE_UNAVAILABLE', count: 97 }],
      nodes: ['departement:01', 'departement:02'].map((id) => ({
        territory: { id },
        observation: { value: null, status: 'SOURCE_UNAVAILABLE' },
      })),
    })
  })

  it('takes the census year for the population, and the newest held where none is named', async () => {
    const newest = await rank({ measure: 'population-municipale', tier: 'REGION', first: 1 })
    const earlier = await rank({ measure: 'population-municipale', tier: 'REGION', first: 1, year: 2019 })
    expect([newest.period, earlier.period]).toEqual(['2023', '2019'])
    expect(newest.totalCount).toBe(18)
    expect(newest.nodes[0].territory.id).toBe('region:11')
  })

  it('ranks an EPCI that reaches into a département with all its members, and says so', async () => {
    const { nodes, rule } = await rank({
      measure: 'population-municipale',
      tier: 'EPCI',
      within: 'departement:35',
      first: 100,
    })
    // CA Redon Agglomération, of three départements.
    const redon = nodes.find(({ territory }: Entry) => territory.id === 'epci:243500741')
    const { epci } = await federation.get('{ epci(siren: "243500741") { population { value } departements { code } } }')
    expect(epci.departements.length).toBe(3)
    expect(redon.observation.value).toBe(epci.population.value)
    expect(rule).toMatch(/reaches into/)
  })

  it('takes the région of today for a former one, and says which it took', async () => {
    const { within } = await rank({
      measure: 'population-municipale',
      tier: 'DEPARTEMENT',
      within: 'region:42',
      first: 1,
    })
    expect(within).toEqual({ id: 'region:44', resolvedFrom: { code: '42' } })
  })

  it('goes on from page to page, each territory once', async () => {
    const asked = { measure: 'pupils-lower-secondary', tier: 'COMMUNE', within: 'departement:35', first: 100 }
    const found: string[] = []
    let page = await rank(asked)
    for (;;) {
      found.push(...page.nodes.map(({ territory }: Entry) => territory.id))
      if (!page.pageInfo.hasNextPage) break
      page = await rank({ ...asked, after: page.pageInfo.endCursor })
    }
    expect(found.length).toBe(page.totalCount)
    expect(new Set(found).size).toBe(found.length)
  })

  it('refuses the cursor of another ranking', async () => {
    const asked = { measure: 'pupils-primary', tier: 'DEPARTEMENT', first: 1 }
    const { pageInfo } = await rank(asked)
    expect((await rank({ ...asked, after: pageInfo.endCursor })).nodes[0].rank).toBe(2)
    for (const other of [{ order: 'ASC' }, { year: 2021 }, { measure: 'classes-primary' }, { within: 'region:53' }]) {
      const error = await refusalOf({ ...asked, ...other, after: pageInfo.endCursor })
      expect(error?.extensions).toMatchObject({
        code: 'INVALID_PAGE',
        remedy: expect.stringMatching(/Keep the arguments/),
      })
    }
  })

  it.each([
    [{ measure: 'nothing', tier: 'COMMUNE' }, 'UNKNOWN_MEASURE'],
    [{ measure: 'pupils-primary', tier: 'COMMUNE', within: 'commune:35999' }, 'UNKNOWN_TERRITORY'],
    [{ measure: 'pupils-primary', tier: 'COMMUNE', within: 'nowhere' }, 'INVALID_CODE'],
    [{ measure: 'pupils-primary', tier: 'COMMUNE', year: 1802 }, 'INVALID_YEAR'],
    [{ measure: 'pupils-primary', tier: 'COMMUNE', within: 'departement:35/g2020' }, 'UNSUPPORTED_GEOGRAPHY'],
    [{ measure: 'pupils-primary', tier: 'COMMUNE', first: -1 }, 'INVALID_PAGE'],
    [{ measure: 'pupils-primary', tier: 'REGION', within: 'departement:35' }, 'UNSUPPORTED_TIER'],
    [{ measure: 'pupils-primary', tier: 'REGION', within: 'grouping:academie-14' }, 'UNSUPPORTED_TIER'],
    [{ measure: 'pupils-primary', tier: 'NATION' }, 'UNSUPPORTED_TIER'],
  ])('refuses %o', async (variables, code) => {
    expect((await refusalOf(variables))?.extensions).toMatchObject({ code, subgraph: 'national' })
  })

  it('says which tiers can be ranked within a territory', async () => {
    const error = await refusalOf({ measure: 'pupils-primary', tier: 'REGION', within: 'departement:35' })
    expect(error?.extensions).toMatchObject({ tiers: ['COMMUNE', 'EPCI'], withinTiers: ['GROUPING', 'NATION'] })
  })

  it('refers to the owner for who is missing in a value that is not national', async () => {
    const members = `{ ranking(measure: "pupils-primary", tier: DEPARTEMENT, first: 1) { nodes {
      observation { missingMembers(first: 1) { totalCount } } cell { observation { missingMembers(first: 1) { totalCount } } } } } }`
    const { data, errors } = await federation.ask(members)
    const [entry] = data.ranking.nodes
    expect(entry.observation.missingMembers).toBeNull()
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['LISTED_BY_PARTS'])
    expect(entry.cell.observation.missingMembers.totalCount).toBeGreaterThan(0)
  })
})

const rankOf = (id: string, given: string) =>
  `{ territory(id: "${id}") { ... on Territory { rank(${given}) {
    measure period position of ties percentile unranked status reason quartiles { q1 median q3 } within { id }
    observation { value status } } } } }`

describe('the rank of a territory', () => {
  it('tells its position among those of its tier, with the quartiles', async () => {
    const { territory } = await federation.get(rankOf('departement:75', 'measure: "pupils-primary"'))
    expect(territory.rank).toEqual({
      measure: 'pupils-primary',
      period: '2022',
      position: 2,
      of: 4,
      ties: 0,
      percentile: 75,
      unranked: 97,
      status: 'NORMAL',
      reason: null,
      // 296, 81, 61, 34
      quartiles: { q1: 54.25, median: 71, q3: 134.75 },
      within: { id: 'nation:FR' },
      observation: { value: 81, status: 'NORMAL' },
    })
  })

  it('is that of the ranking, for each commune of a list', async () => {
    const { departement } = await federation.get(
      `{ departement(code: "35") { communes(first: 400) { nodes { id rank(measure: "population-municipale", within: "departement:35") { position of } } } } }`,
    )
    const { nodes, totalCount } = await rank({
      measure: 'population-municipale',
      tier: 'COMMUNE',
      within: 'departement:35',
      first: 400,
    })
    const positions = new Map(nodes.map((entry: Entry) => [entry.territory.id, entry.rank]))
    expect(departement.communes.nodes.length).toBe(totalCount)
    for (const { id, rank: own } of departement.communes.nodes)
      expect(own, id).toEqual({ position: positions.get(id), of: totalCount })
  })

  it('is not there without a value, and says why', async () => {
    const { territory } = await federation.get(rankOf('departement:01', 'measure: "pupils-primary"'))
    expect(territory.rank).toMatchObject({
      position: null,
      percentile: null,
      of: 4,
      status: 'SOURCE_UNAVAILABLE',
      reason: expect.stringMatching(/No file at hand/),
      observation: { value: null },
    })
  })

  it.each(['nation:FR', 'grouping:academie-14', 'departement:988'])(
    'is in no ranking of the tier of %s',
    async (id) => {
      const { territory } = await federation.get(rankOf(id, 'measure: "population-municipale"'))
      expect(territory.rank).toMatchObject({ position: null, of: 0, status: 'NOT_APPLICABLE', quartiles: null })
      expect(territory.rank.reason).toMatch(/ranked/)
    },
  )

  it('is refused within a territory in which it is not, and for one of another time', async () => {
    const elsewhere = await federation.ask(
      rankOf('commune:35238', 'measure: "pupils-primary", within: "departement:22"'),
    )
    expect(elsewhere.errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_TERRITORY', within: 'departement:22' })
    const before = await federation.ask(rankOf('commune:35238/g2020', 'measure: "pupils-primary"'))
    expect(before.errors?.[0]?.extensions).toMatchObject({ code: 'UNSUPPORTED_GEOGRAPHY' })
  })
})

describe('the peers of a territory', () => {
  const PEERS = `query ($id: ID!, $first: Int) { territory(id: $id) { ... on Territory { peers(first: $first) {
    rule reason observation { value } nodes { distance observation { value } territory { id kind } } } } } }`

  it('are those of its tier, kind and zone whose population is nearest by its logarithm', async () => {
    const { territory } = await federation.get(PEERS, { id: 'departement:35', first: 3 })
    const { nodes, observation, rule } = territory.peers
    const { nation } = await federation.get(
      '{ nation { departements(first: 200) { nodes { id population { value } } } } }',
    )
    const expected = nation.departements.nodes
      .filter(({ id }: { readonly id: string }) => id !== 'departement:35' && !/:97/.test(id))
      .map(({ id, population }: any) => ({ id, distance: Math.abs(Math.log(population.value / observation.value)) }))
      .toSorted((left: any, right: any) => left.distance - right.distance)
      .slice(0, 3)
    expect(nodes.map(({ distance, territory: { id } }: any) => ({ id, distance }))).toEqual(expected)
    expect(rule).toMatch(/Density plays no part/)
  })

  it('are found among its own overseas, and the Métropole de Lyon among the métropoles', async () => {
    const reunion = (await federation.get(PEERS, { id: 'departement:974', first: 10 })).territory.peers.nodes
    expect(reunion.map(({ territory }: any) => territory.id).toSorted()).toEqual(
      ['971', '972', '973', '976'].map((code) => `departement:${code}`),
    )
    const lyon = (await federation.get(PEERS, { id: 'epci:200046977', first: 2 })).territory.peers.nodes
    expect(lyon.map(({ territory }: any) => territory.kind)).toEqual(['METROPOLE', 'METROPOLE'])
  })

  it('are none of the nation, and it says so', async () => {
    const { peers } = (await federation.get(PEERS, { id: 'nation:FR' })).territory
    expect(peers).toMatchObject({ nodes: [], reason: expect.stringMatching(/stands alone/) })
  })

  it('have a reason to be none only where there are none, not where none is asked for', async () => {
    const { peers } = (await federation.get(PEERS, { id: 'commune:35238', first: 0 })).territory
    expect(peers).toMatchObject({ nodes: [], reason: null })
  })

  it('are all of the zone where more are asked for than there are', async () => {
    const { territory } = await federation.get(PEERS, { id: 'commune:97411', first: 1000 })
    const { ranking } = await federation.get(
      '{ ranking(measure: "population-municipale", tier: COMMUNE, within: "grouping:drom", first: 1000) { nodes { territory { id } observation { value } } } }',
    )
    const own = territory.peers.observation.value
    const expected = ranking.nodes
      .filter(({ territory: { id }, observation: { value } }: any) => id !== 'commune:97411' && value > 0)
      .map(({ territory: { id }, observation: { value } }: any) => ({ id, distance: Math.abs(Math.log(value / own)) }))
      .toSorted((left: any, right: any) => left.distance - right.distance)
    expect(expected.length).toBeGreaterThan(100)
    expect(territory.peers.nodes.map(({ distance, territory: { id } }: any) => ({ id, distance }))).toEqual(expected)
  })

  it('of a commune are in order of distance, as many as asked, without itself', async () => {
    const { peers } = (await federation.get(PEERS, { id: 'commune:35238', first: 8 })).territory
    const distances = peers.nodes.map(({ distance }: any) => distance)
    expect(distances).toEqual(distances.toSorted((left: number, right: number) => left - right))
    expect(peers.nodes.map(({ territory }: any) => territory.id)).not.toContain('commune:35238')
    expect(distances).toHaveLength(8)
  })
})
