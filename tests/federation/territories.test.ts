import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('a code that is not, or no longer, a commune of its own', () => {
  it.each([
    [
      'a municipal arrondissement',
      '75112',
      'commune:75056',
      'Paris',
      'ARRONDISSEMENT_MUNICIPAL',
      'Paris 12e Arrondissement',
    ],
    ['a commune déléguée', '35209', 'commune:35069', 'Châteaugiron', 'COMMUNE_DELEGUEE', 'Ossé'],
    ['a commune associée', '35074', 'commune:35096', 'Domagné', 'COMMUNE_ASSOCIEE', 'Chaumeré'],
    ['a commune that has merged', '02077', 'commune:02564', 'Bernoy-le-Château', 'FORMER_COMMUNE', 'Berzy-le-Sec'],
  ])('leads to the commune of today: %s', async (_, code, id, name, kind, formerName) => {
    const { commune } = await federation.get(
      'query ($code: ID!) { commune(code: $code) { id name resolvedFrom { code name kind } } }',
      { code },
    )
    expect(commune).toEqual({ id, name, resolvedFrom: { code, name: formerName, kind } })
  })

  it('is among the aliases of its commune', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "75056") { resolvedFrom { code } aliases { code kind } } }',
    )
    expect(commune.resolvedFrom).toBeNull()
    expect(commune.aliases).toHaveLength(20)
    expect(commune.aliases).toContainEqual({ code: '75112', kind: 'ARRONDISSEMENT_MUNICIPAL' })
  })

  it('tells what it was, whichever way the commune is reached', async () => {
    const { territory } = await federation.get(
      '{ territory(id: "commune:75112") { id ... on Commune { resolvedFrom { code } } } }',
    )
    expect(territory).toEqual({ id: 'commune:75056', resolvedFrom: { code: '75112' } })
  })

  it('counts the pupils of the whole commune', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "75112") { schoolEnrolment(schoolYear: 2022) { primary { value status } } departement { name } epci { name } } }',
    )
    expect(commune).toEqual({
      schoolEnrolment: { primary: { value: 81, status: 'NORMAL' } },
      departement: { name: 'Paris' },
      epci: { name: 'Métropole du Grand Paris' },
    })
  })
})

describe('a commune without EPCI', () => {
  it.each([
    ['22016', 'Île-de-Bréhat', /island made of a single commune.*L5210-1-1/],
    ['29083', 'Île-de-Sein', /island made of a single commune.*L5210-1-1/],
    ['29155', 'Ouessant', /island made of a single commune.*L5210-1-1/],
    ['85113', "L'Île-d'Yeu", /island made of a single commune.*L5210-1-1/],
    ['97701', 'Saint-Barthélemy', /overseas collectivity/],
    ['98613', 'Uvea', /overseas collectivity/],
  ])('answers null for the EPCI of %s, and says why', async (code, name, reason) => {
    const { data, errors } = await federation.ask(
      'query ($code: ID!) { commune(code: $code) { name epci { name } } }',
      {
        code,
      },
    )
    expect(data.commune).toEqual({ name, epci: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({
      path: ['commune', 'epci'],
      extensions: { code: 'NOT_APPLICABLE', subgraph: 'epci' },
    })
    expect(errors?.[0]?.extensions['reason']).toMatch(reason)
  })

  it('answers everything else: Bréhat has a population and an école', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "22016") { population { value } schoolEnrolment(schoolYear: 2022) { primary { value status } } } }',
    )
    expect(commune.population.value).toBeGreaterThan(300)
    expect(commune.schoolEnrolment.primary).toEqual({ value: 13, status: 'NORMAL' })
  })
})

describe('the overseas collectivities', () => {
  it.each(['975', '977', '978', '984', '986', '987', '988', '989'])(
    '%s stands at the tiers département and région',
    async (code) => {
      const data = await federation.get(
        'query ($code: ID!) { departement(code: $code) { name kind region { id } } region(code: $code) { name kind departements { nodes { id } } } }',
        { code },
      )
      const { name } = data.departement
      expect(data).toEqual({
        departement: { name, kind: 'COLLECTIVITE_OUTRE_MER', region: { id: `region:${code}` } },
        region: { name, kind: 'COLLECTIVITE_OUTRE_MER', departements: { nodes: [{ id: `departement:${code}` }] } },
      })
    },
  )

  it('are left out of the lists of départements and régions unless asked for', async () => {
    const { nation } = await federation.get(`{ nation {
      departements(first: 1000) { totalCount nodes { code kind } }
      allDepartements: departements(first: 1000, collectivities: true) { totalCount nodes { code kind } }
      regions { totalCount nodes { kind } }
      allRegions: regions(collectivities: true) { totalCount nodes { code kind } } } }`)
    const collectivities = (nodes: readonly { readonly code: string; readonly kind: string }[]) =>
      nodes.filter(({ kind }) => kind === 'COLLECTIVITE_OUTRE_MER').map(({ code }) => code)
    expect([nation.departements.totalCount, nation.regions.totalCount]).toEqual([101, 18])
    expect(collectivities(nation.departements.nodes)).toEqual([])
    expect(collectivities(nation.regions.nodes)).toEqual([])
    const eight = ['975', '977', '978', '984', '986', '987', '988', '989']
    expect([nation.allDepartements.totalCount, nation.allRegions.totalCount]).toEqual([109, 26])
    expect(collectivities(nation.allDepartements.nodes)).toEqual(eight)
    expect(collectivities(nation.allRegions.nodes)).toEqual(eight)
  })

  it.each([
    ['975', 'OUT_OF_SCOPE'],
    ['977', 'SOURCE_UNAVAILABLE'],
    ['978', 'SOURCE_UNAVAILABLE'],
    ['986', 'OUT_OF_SCOPE'],
  ])('%s has no school figure in these files, and is told why: %s', async (code, status) => {
    const { departement } = await federation.get(
      'query ($code: ID!) { departement(code: $code) { schoolEnrolment(schoolYear: 2022) { primary { value status notes } } } }',
      { code },
    )
    const { primary } = departement.schoolEnrolment
    expect(primary).toMatchObject({ value: null, status })
    expect(primary.notes.join(' ')).toContain('fr-en-ecoles-effectifs-nb_classes')
  })
})

describe('Corsica', () => {
  it('has two départements with a letter in their code, in any official spelling', async () => {
    const data = await federation.get(`{
      south: departement(code: "2A") { id name region { code } }
      padded: departement(code: "02A") { id }
      small: departement(code: "2b") { id name }
      commune(code: "2A004") { name departement { id } region { id name } } }`)
    expect(data).toEqual({
      south: { id: 'departement:2A', name: 'Corse-du-Sud', region: { code: '94' } },
      padded: { id: 'departement:2A' },
      small: { id: 'departement:2B', name: 'Haute-Corse' },
      commune: { name: 'Ajaccio', departement: { id: 'departement:2A' }, region: { id: 'region:94', name: 'Corse' } },
    })
  })

  it('keeps the pupils of the two apart', async () => {
    const data = await federation.get(`{
      a: departement(code: "2A") { ...Primary } b: departement(code: "2B") { ...Primary } region(code: "94") { ...Primary } }
      fragment Primary on Territory { schoolEnrolment(schoolYear: 2022) { primary { value status } } }`)
    const primary = (place: string) => data[place].schoolEnrolment.primary
    expect(primary('a')).toEqual({ value: 61, status: 'NORMAL' })
    expect(primary('b')).toEqual({ value: null, status: 'SOURCE_UNAVAILABLE' })
    expect(primary('region')).toEqual({ value: 61, status: 'PARTIAL' })
  })
})

describe('groupings', () => {
  it('are territories that are no tier: an académie adds its départements up', async () => {
    const data = await federation.get(`{
      territory(id: "grouping:academie-14") { __typename id tier kind name population { value } schoolEnrolment(schoolYear: 2022) { primary { value status } } }
      region(code: "53") { population { value } } }`)
    expect(data.territory).toEqual({
      __typename: 'Grouping',
      id: 'grouping:academie-14',
      tier: 'GROUPING',
      kind: 'ACADEMIE',
      name: 'Académie de Rennes',
      population: data.region.population,
      schoolEnrolment: { primary: { value: 330, status: 'PARTIAL' } },
    })
  })

  it("tell DEPP's France from the métropole and the DROM", async () => {
    const { territories } = await federation.get(
      '{ territories(ids: ["grouping:metropole", "grouping:drom", "grouping:depp-drom", "grouping:depp-france"]) { kind population { value } } }',
    )
    const [metropole, drom, deppDrom, deppFrance] = territories.map(
      (place: { population: { value: number } }) => place.population.value,
    )
    expect(new Set(territories.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['STATISTICAL_AREA']))
    expect(metropole + deppDrom).toBe(deppFrance)
    expect(deppDrom).toBeGreaterThan(drom)
  })
})

describe('looking up by id', () => {
  it('finds a territory of any tier, with its type', async () => {
    const { territories } = await federation.get(
      '{ territories(ids: ["nation:FR", "region:53", "departement:35", "epci:243500139", "commune:35238", "grouping:drom"]) { __typename id tier } }',
    )
    expect(territories).toEqual([
      { __typename: 'Nation', id: 'nation:FR', tier: 'NATION' },
      { __typename: 'Region', id: 'region:53', tier: 'REGION' },
      { __typename: 'Departement', id: 'departement:35', tier: 'DEPARTEMENT' },
      { __typename: 'Epci', id: 'epci:243500139', tier: 'EPCI' },
      { __typename: 'Commune', id: 'commune:35238', tier: 'COMMUNE' },
      { __typename: 'Grouping', id: 'grouping:drom', tier: 'GROUPING' },
    ])
  })

  it('leaves the others standing when one id of a list is wrong', async () => {
    const { data, errors } = await federation.ask(
      '{ territories(ids: ["commune:35238", "commune:99999", "region:53"]) { name population { value } } }',
    )
    expect(data.territories.map((place: { name: string } | null) => place?.name ?? null)).toEqual([
      'Rennes',
      null,
      'Bretagne',
    ])
    expect(data.territories[0].population.value).toBe(230_890)
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ path: ['territories', 1], extensions: { code: 'UNKNOWN_TERRITORY' } })
  })

  it('refuses more than 500 ids in one list', async () => {
    const ids = Array.from({ length: 501 }, () => 'commune:35238')
    const { data, errors } = await federation.ask(
      'query ($ids: [ID!]!) { territories(ids: $ids) { id } nation { id } }',
      { ids },
    )
    expect(data).toEqual({ territories: null, nation: { id: 'nation:FR' } })
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'LIST_TOO_LONG',
      on: 'territories: 501 entries',
      expected: 'at most 500',
    })
  })
})

describe('a question that cannot be answered', () => {
  it.each([
    ['an unknown commune', 'commune(code: "35999") { id }', 'UNKNOWN_TERRITORY', /35999/],
    ['an unknown département', 'departement(code: "96") { id }', 'INVALID_CODE', /département code/],
    ['an unknown région', 'region(code: "99") { id }', 'UNKNOWN_TERRITORY', /99/],
    ['an unknown EPCI with a right check digit', 'epci(siren: "732829320") { id }', 'UNKNOWN_TERRITORY', /732829320/],
    ['a SIREN with a digit missing', 'epci(siren: "24350013") { id }', 'INVALID_CODE', /nine digits/],
    ['a SIREN with a wrong check digit', 'epci(siren: "243500138") { id }', 'INVALID_CODE', /check digit/],
    ['a SIRET in place of a SIREN', 'epci(siren: "24350013900017") { id }', 'INVALID_CODE', /243500139/],
    ['a commune code whose leading zero was lost', 'commune(code: "1001") { id }', 'INVALID_CODE', /01001/],
    ['an id without tier', 'territory(id: "35238") { id }', 'INVALID_CODE', /commune:35238/],
    [
      'a commune of a year not held',
      'commune(code: "35238", at: 1942) { id }',
      'UNSUPPORTED_GEOGRAPHY',
      /from 1943 to 2026/,
    ],
    ['an EPCI of a year to come', 'epci(siren: "243500139", at: 2027) { id }', 'UNSUPPORTED_GEOGRAPHY', /2019–2026/],
    ['a commune that was divided', 'commune(code: "77362") { id }', 'TERRITORY_DIVIDED', /Cerneux \(77066\)/],
    ['an EPCI that several share', 'epci(siren: "200067221") { id }', 'TERRITORY_DIVIDED', /one of CC /],
    ['a département that is two now', 'departement(code: "20") { id }', 'TERRITORY_DIVIDED', /Haute-Corse \(2B\)/],
    ['an unknown dataset', 'dataset(id: "nope") { id }', 'UNKNOWN_DATASET', /fr-en-ecoles/],
  ])('names what, where, expected and remedy: %s', async (_, field, code, says) => {
    const { data, errors } = await federation.ask(`{ ${field} }`)
    const name = /^\w+/.exec(field)?.[0] ?? ''
    expect(data).toEqual({ [name]: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.path).toEqual([name])
    expect(errors?.[0]?.message).toMatch(says)
    const { extensions } = errors![0]!
    expect(extensions['code']).toBe(code)
    for (const fact of ['on', 'expected', 'remedy', 'subgraph']) expect(extensions[fact], fact).toMatch(/\S/)
  })
})
