import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('going up', () => {
  it('leads from a commune to its EPCI, département and région', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "35238") { epci { id name } departement { id name } region { id name } } }',
    )
    expect(commune).toEqual({
      epci: { id: 'epci:243500139', name: 'Rennes Métropole' },
      departement: { id: 'departement:35', name: 'Ille-et-Vilaine' },
      region: { id: 'region:53', name: 'Bretagne' },
    })
  })

  it('goes on through the tiers in one request, over as many owners', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "35238") { epci { members(first: 1) { nodes { departement { region { name population { value } } } } } } } }',
    )
    const { region } = commune.epci.members.nodes[0].departement
    expect(region.name).toBe('Bretagne')
    expect(region.population.value).toBeGreaterThan(3_000_000)
  })
})

describe('going across', () => {
  it('names every département and région of an EPCI that spans a border', async () => {
    const { epci } = await federation.get(
      '{ epci(siren: "243500741") { name departements { code } regions { code name } } }',
    )
    expect(epci).toEqual({
      name: 'CA Redon Agglomération',
      departements: [{ code: '35' }, { code: '44' }, { code: '56' }],
      regions: [
        { code: '52', name: 'Pays de la Loire' },
        { code: '53', name: 'Bretagne' },
      ],
    })
  })

  it('lists such an EPCI in each of its départements', async () => {
    const data = await federation.get(`{
      here: departement(code: "35") { epcis(first: 1000) { nodes { code } } }
      there: departement(code: "44") { epcis(first: 1000) { nodes { code } } }
      elsewhere: departement(code: "29") { epcis(first: 1000) { nodes { code } } } }`)
    const holds = (place: string) =>
      data[place].epcis.nodes.some(({ code }: { readonly code: string }) => code === '243500741')
    expect([holds('here'), holds('there'), holds('elsewhere')]).toEqual([true, true, false])
  })
})

describe('going down', () => {
  it('counts the whole list, however short the page', async () => {
    const data = await federation.get(`{
      departement(code: "35") { communes(first: 2) { totalCount nodes { id } } epcis(first: 0) { totalCount nodes { id } } }
      epci(siren: "243500139") { members(first: 1) { totalCount } }
      region(code: "53") { departements { totalCount nodes { code } } communes(first: 1) { totalCount } }
      nation { regions { totalCount } departements { totalCount } epcis(first: 1) { totalCount } } }`)
    expect(data.departement.communes.totalCount).toBe(332)
    expect(data.departement.communes.nodes).toHaveLength(2)
    expect(data.departement.epcis.totalCount).toBeGreaterThan(10)
    expect(data.departement.epcis.nodes).toEqual([])
    expect(data.epci.members.totalCount).toBe(43)
    expect(data.region.departements).toEqual({
      totalCount: 4,
      nodes: [{ code: '22' }, { code: '29' }, { code: '35' }, { code: '56' }],
    })
    expect(data.region.communes.totalCount).toBeGreaterThan(1200)
    expect(data.nation.regions.totalCount).toBe(18)
    expect(data.nation.departements.totalCount).toBe(101)
    expect(data.nation.epcis.totalCount).toBeGreaterThan(1200)
  })

  it('visits every commune exactly once, in code order, page after page', async () => {
    const codes: string[] = []
    let after: string | null = null
    for (let page = 0; page < 10; page += 1) {
      const { departement } = await federation.get(
        'query ($after: String) { departement(code: "35") { communes(first: 100, after: $after) { edges { cursor node { code } } nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }',
        { after },
      )
      const { edges, nodes, pageInfo } = departement.communes
      expect(edges.map(({ node }: { readonly node: object }) => node)).toEqual(nodes)
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0].cursor, edges.at(-1).cursor])
      expect(pageInfo.hasPreviousPage).toBe(page > 0)
      codes.push(...nodes.map(({ code }: { readonly code: string }) => code))
      after = pageInfo.endCursor
      if (!pageInfo.hasNextPage) break
    }
    expect(codes).toHaveLength(332)
    expect(codes).toEqual([...new Set(codes)].toSorted())
  })

  it('gives an empty page without cursors after the last entry', async () => {
    const all = await federation.get('{ region(code: "53") { departements { pageInfo { endCursor hasNextPage } } } }')
    const { endCursor, hasNextPage } = all.region.departements.pageInfo
    expect(hasNextPage).toBe(false)
    const { region } = await federation.get(
      'query ($after: String) { region(code: "53") { departements(after: $after) { totalCount nodes { id } pageInfo { hasNextPage startCursor endCursor } } } }',
      { after: endCursor },
    )
    expect(region.departements).toEqual({
      totalCount: 4,
      nodes: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
    })
  })

  it('gives 1,000 entries in one page and refuses 1,001', async () => {
    const { data, errors } = await federation.ask(`{
      largest: nation { epcis(first: 1000) { nodes { id } } }
      larger: nation { name epcis(first: 1001) { totalCount } } }`)
    expect(data.largest.epcis.nodes).toHaveLength(1000)
    expect(data.larger).toEqual({ name: 'France', epcis: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({
      path: ['larger', 'epcis'],
      extensions: { code: 'INVALID_PAGE', on: 'first: 1001', subgraph: 'epci' },
    })
  })

  it.each([
    ['a negative number of entries', 'first: -1'],
    ['a cursor that is none', 'after: "x"'],
    ['a cursor of another list', `after: "${Buffer.from('commune:35238').toString('base64url')}"`],
  ])('refuses %s', async (_, argument) => {
    const { data, errors } = await federation.ask(
      `{ departement(code: "22") { name communes(${argument}) { totalCount } } }`,
    )
    expect(data.departement).toEqual({ name: "Côtes-d'Armor", communes: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ path: ['departement', 'communes'], extensions: { code: 'INVALID_PAGE' } })
    expect(errors?.[0]?.extensions['remedy']).not.toBe('')
  })
})
