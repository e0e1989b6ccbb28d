import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('an EPCI that is no more', () => {
  it('gives the one of today that has all its ground, and says so', async () => {
    const { epci } = await federation.get(
      `{ epci(siren: "200035459") { id name resolvedFrom { code name kind } population { value } } }`,
    )
    expect(epci).toEqual({
      id: 'epci:200096956',
      name: "CA Agglomération d'Agen",
      resolvedFrom: { code: '200035459', name: "CA d'Agen", kind: 'FORMER_EPCI' },
      population: { value: 102_673 },
    })
  })

  it('leads to the new SIREN of the métropole that took it in', async () => {
    const { epci } = await federation.get(`{ epci(siren: "245901061") { name resolvedFrom { name kind } } }`)
    expect(epci).toEqual({
      name: 'Métropole Européenne de Lille',
      resolvedFrom: { name: 'CC de la Haute Deûle', kind: 'FORMER_EPCI' },
    })
  })

  it('names its heirs when there are several, and where to read their shares', async () => {
    const { data, errors } = await federation.ask('{ epci(siren: "247700438") { id } }')
    expect(data).toEqual({ epci: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.message).toMatch(
      /CC Pays Créçois.*CA Coulommiers Pays de Brie \(200090504\).*resolveEpci\(siren:\)/,
    )
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'TERRITORY_DIVIDED',
      subgraph: 'epci',
      heirs: ['200072130', '200090504', '247700339'],
    })
  })

  it('resolves to them with their shares', async () => {
    const { resolveEpci } = await federation.get(
      `{ resolveEpci(siren: "247700438") { siren name from to perimeterOf results {
        siren name standing share weighing inhabitants censusYear epci { id members { totalCount } } } } }`,
    )
    expect(resolveEpci).toMatchObject({
      siren: '247700438',
      name: 'CC Pays Créçois',
      from: 2019,
      to: 2026,
      perimeterOf: 2025,
      results: [
        {
          siren: '200090504',
          name: 'CA Coulommiers Pays de Brie',
          standing: 'CURRENT',
          weighing: 'ONE_CENSUS',
          inhabitants: 17_084,
          censusYear: 2023,
          epci: { id: 'epci:200090504' },
        },
        { siren: '247700339', inhabitants: 13_919 },
        { siren: '200072130', inhabitants: 7330 },
      ],
    })
    const shares: readonly number[] = resolveEpci.results.map(({ share }: { share: number }) => share)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it('is what one of today was made of, asked backwards', async () => {
    const { resolveEpci } = await federation.get(
      `{ resolveEpci(siren: "200096956", from: 2026, to: 2021) { perimeterOf results { name standing inhabitants epci { id } } } }`,
    )
    expect(resolveEpci).toEqual({
      perimeterOf: 2021,
      results: [
        { name: "CA d'Agen", standing: 'FORMER', inhabitants: 97_600, epci: null },
        { name: "CC Porte d'Aquitaine en Pays de Serres", standing: 'FORMER', inhabitants: 5073, epci: null },
      ],
    })
  })

  it.each([
    ['epci(siren: "243500147") { id }', 'UNKNOWN_TERRITORY', /243500741/],
    ['resolveEpci(siren: "243500147") { siren }', 'UNKNOWN_TERRITORY', /243500741/],
    ['resolveEpci(siren: "200035459", from: 2024) { siren }', 'UNKNOWN_TERRITORY', /2019–2021/],
    ['resolveEpci(siren: "200035459", to: 2012) { siren }', 'UNSUPPORTED_GEOGRAPHY', /2019–2026/],
    ['resolveEpci(siren: "35238") { siren }', 'INVALID_CODE', /nine digits/],
    ['epciChanges(from: 2024, to: 2020) { totalCount }', 'INVALID_YEAR', /Exchange/],
    ['epciChanges(from: 2024, within: "") { totalCount }', 'INVALID_CODE', /departement:35/],
    ['epciChanges(from: 2024, within: "epci:243500139/g2010") { totalCount }', 'UNSUPPORTED_GEOGRAPHY', /2019–2026/],
    ['epciChanges(from: 2024, within: "35") { totalCount }', 'INVALID_CODE', /departement:35/],
    ['epciChanges(from: 2024, within: "epci:243500147") { totalCount }', 'UNKNOWN_TERRITORY', /243500741/],
    ['epciChanges(from: 2024, first: 2000) { totalCount }', 'INVALID_PAGE', /1000/],
  ])('says what is wrong with %s', async (field, code, says) => {
    const { data, errors } = await federation.ask(`{ ${field} }`)
    expect(Object.values(data)).toEqual([null])
    expect(errors?.[0]?.extensions).toMatchObject({ code, subgraph: 'epci' })
    expect(errors?.[0]?.message).toMatch(says)
  })
})

const CHANGE = `id kind since previous siren name
  before { year standing siren name kind epci { id } } after { year standing siren name kind epci { id } }
  communeBefore { code name } communeAfter { code name } shares { siren inhabitants }`

describe('what happened to an EPCI', () => {
  it('is a commune that came from another, with both names and both years', async () => {
    const { epci } = await federation.get(
      `{ epci(siren: "200068989") { perimeterOf resolvedFrom { code } changes(from: 2021, to: 2023) { ${CHANGE} } } }`,
    )
    const commune = { code: '22209', name: 'Beaussais-sur-Mer' }
    const kind = expect.stringMatching(/^COMMUNAUTE_D/)
    expect(epci).toMatchObject({ perimeterOf: 2025, resolvedFrom: null })
    expect(epci.changes).toEqual([
      {
        id: '2023:JOINED:200068989:22209:22209',
        kind: 'JOINED',
        since: 2023,
        previous: 2022,
        siren: '200068989',
        name: 'CA Dinan Agglomération',
        before: {
          year: 2022,
          standing: 'CURRENT',
          siren: '243500725',
          name: "CC Côte d'Emeraude",
          kind,
          epci: { id: 'epci:243500725' },
        },
        after: {
          year: 2023,
          standing: 'CURRENT',
          siren: '200068989',
          name: 'CA Dinan Agglomération',
          kind,
          epci: { id: 'epci:200068989' },
        },
        communeBefore: commune,
        communeAfter: commune,
        shares: [],
      },
    ])
  })

  it('is another kind and name', async () => {
    const { epci } = await federation.get(
      `{ epci(siren: "243400520") { changes { kind since before { name kind } after { name kind } } } }`,
    )
    const [before, after] = [
      { name: 'CC du Pays de Lunel', kind: 'COMMUNAUTE_DE_COMMUNES' },
      { name: 'CA Lunel Agglo', kind: 'COMMUNAUTE_D_AGGLOMERATION' },
    ]
    expect(epci.changes).toEqual([
      { kind: 'RENAMED', since: 2024, before, after },
      { kind: 'CHANGED_KIND', since: 2024, before, after },
    ])
  })
})

describe('the changes of all EPCI', () => {
  it('are a list in pages, that names the years of which nothing can be known', async () => {
    const page = (after: string) =>
      federation.get(
        `{ epciChanges(from: 2019, first: 150${after}) { totalCount unknownYears pageInfo { hasNextPage endCursor } nodes { id since } } }`,
      )
    const { epciChanges: first } = await page('')
    const { epciChanges: second } = await page(`, after: "${first.pageInfo.endCursor}"`)
    expect([first.totalCount, first.unknownYears, first.nodes.length, second.nodes.length]).toEqual([
      209,
      [2026],
      150,
      59,
    ])
    const all: readonly { id: string; since: number }[] = [...first.nodes, ...second.nodes]
    expect(new Set(all.map(({ id }) => id)).size).toBe(209)
    expect(all.map(({ since }) => since)).toEqual(all.map(({ since }) => since).toSorted())
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  })

  it('tell of a dissolution and of a creation where the ground went, and where it came from', async () => {
    const { epciChanges } = await federation.get(
      `{ epciChanges(from: 2021, to: 2022, within: "departement:47") { unknownYears nodes { ${CHANGE} } } }`,
    )
    expect(epciChanges.unknownYears).toEqual([])
    const none = { siren: null, name: null, kind: null, epci: null }
    expect(epciChanges.nodes).toMatchObject([
      {
        kind: 'DISSOLUTION',
        name: "CA d'Agen",
        before: { year: 2021, standing: 'FORMER', epci: null },
        after: { year: 2022, standing: 'DISSOLVED', ...none },
        shares: [{ siren: '200096956', inhabitants: 97_600 }],
      },
      { kind: 'DISSOLUTION', name: "CC Porte d'Aquitaine en Pays de Serres" },
      {
        kind: 'CREATION',
        name: "CA Agglomération d'Agen",
        before: { year: 2021, standing: 'NOT_YET_CREATED', ...none },
        after: { year: 2022, standing: 'CURRENT' },
        shares: [
          { siren: '200035459', inhabitants: 97_600 },
          { siren: '200036572', inhabitants: 5073 },
        ],
        communeBefore: null,
        communeAfter: null,
      },
    ])
  })

  it.each([
    ['nation:FR', 24],
    ['departement:49', 3],
    ['commune:49160', 2],
    ['epci:244400552', 2],
    ['departement:35', 0],
  ])('since 2023 are, within %s, %i', async (within, count) => {
    const { epciChanges } = await federation.get(
      'query ($within: ID) { epciChanges(from: 2023, to: 2024, within: $within) { totalCount nodes { kind } } }',
      { within },
    )
    expect(epciChanges.totalCount).toBe(count)
  })

  it('are found by the SIREN of one that is no more', async () => {
    const { epciChanges } = await federation.get(
      '{ epciChanges(from: 2019, within: "epci:247700438") { nodes { kind name } } }',
    )
    expect(epciChanges.nodes).toContainEqual({ kind: 'DISSOLUTION', name: 'CC Pays Créçois' })
    expect(epciChanges.nodes.filter(({ kind }: { kind: string }) => kind === 'JOINED')).toHaveLength(7)
    expect(epciChanges.nodes).toHaveLength(8)
  })

  const WITHIN = `query ($within: ID) { epciChanges(from: 2019, within: $within, first: 1000) {
    totalCount resolvedFrom { code name kind } nodes { id } } }`

  it.each([
    ['commune:49160/g2026', 'commune:49160'],
    ['departement:49/g2019', 'departement:49'],
    ['epci:244400552/g2026', 'epci:244400552'],
    ['commune:49069/g2019', 'commune:49126'],
    ['commune:49126/g2014', 'commune:49126'],
  ])('are asked for by an id with its vintage: %s is on the ground of %s', async (within, now) => {
    const asked = await federation.get(WITHIN, { within })
    expect(asked).toEqual(await federation.get(WITHIN, { within: now }))
    expect(asked.epciChanges.resolvedFrom).toBeNull()
  })

  it('are those of all its ground, of an EPCI of a vintage that had it', async () => {
    const { then, now } = await federation.get(`{
      then: epciChanges(from: 2019, within: "epci:247700438/g2019", first: 1000) { totalCount resolvedFrom { code } nodes { id kind } }
      now: epciChanges(from: 2019, within: "epci:247700438", first: 1000) { resolvedFrom { code } nodes { id kind } }
    }`)
    expect(then.nodes).toEqual(expect.arrayContaining(now.nodes))
    expect([then.resolvedFrom, now.resolvedFrom]).toEqual([null, null])
  })

  it.each([
    ['region:83', 'region:84', { code: '83', name: 'Auvergne', kind: 'FORMER_REGION' }],
    ['commune:35112', 'commune:35062', { code: '35112', name: 'Fleurigné', kind: 'COMMUNE_DELEGUEE' }],
  ])('say that %s is answered for %s', async (within, now, resolvedFrom) => {
    const { epciChanges } = await federation.get(WITHIN, { within: now })
    expect(await federation.get(WITHIN, { within })).toEqual({ epciChanges: { ...epciChanges, resolvedFrom } })
  })
})
