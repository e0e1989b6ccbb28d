/** Lists of communes that are filtered and ordered, through the gateway. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { createEngine } from '../../gateway/engine.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { readSupergraph, startFederation, startOver, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

const LISTS = {
  departement: 'departement(code: "35") { list: communes',
  region: 'region(code: "53") { list: communes',
  epci: 'epci(siren: "243500139") { list: members',
  nation: 'nation { list: communes',
} as const
type List = keyof typeof LISTS

const ARGUMENTS = '$where: CommuneFilter, $orderBy: CommuneOrder, $first: Int, $after: String'
const queryOf = (
  list: List,
): string => `query (${ARGUMENTS}) { ${LISTS[list]}(where: $where, orderBy: $orderBy, first: $first, after: $after) {
  totalCount nodes { code name population { value } schoolEnrolment(schoolYear: 2022) { lowerSecondary { value } } }
  pageInfo { hasNextPage endCursor } } } }`

const pageOf = async (list: List, variables: object, from = federation): Promise<any> =>
  (await from.get(queryOf(list), { ...variables }))[list].list
const refusalOf = async (variables: object) =>
  (await federation.ask(queryOf('departement'), { ...variables })).errors?.[0]?.extensions

const codesOf = ({ nodes }: any): readonly string[] => nodes.map(({ code }: any) => code)

describe('a list of communes', () => {
  it.each(Object.keys(LISTS) as List[])(
    'of a %s is filtered by what another owner holds, and counted',
    async (list) => {
      const whole = await pageOf(list, { first: 1 })
      const large = await pageOf(list, {
        where: { population: { gte: 20_000 } },
        orderBy: { by: 'POPULATION', direction: 'DESC' },
        first: 5,
      })
      const populations = large.nodes.map(({ population }: any) => population.value)
      expect(populations).toEqual(populations.toSorted((left: number, right: number) => right - left))
      expect(Math.min(...populations)).toBeGreaterThanOrEqual(20_000)
      expect(large.totalCount).toBeGreaterThan(0)
      expect(large.totalCount).toBeLessThan(whole.totalCount)
    },
  )

  it('holds exactly those that hold to the filter', async () => {
    const all = await pageOf('departement', { first: 400 })
    const expected = all.nodes.filter(({ population, name }: any) => population.value < 500 || name.startsWith('La '))
    const asked = await pageOf('departement', {
      where: { or: [{ population: { lt: 500 } }, { name: { startsWith: 'la ' } }] },
      first: 400,
    })
    expect(asked.nodes).toEqual(expected)
    expect(asked.totalCount).toBe(expected.length)
  })

  it('keeps the communes that are in no EPCI where nothing is asked of it', async () => {
    // Ouessant and Bréhat are in none.
    const { totalCount } = await pageOf('region', { first: 1 })
    const none = { eq: null, in: null, startsWith: null }
    for (const where of [{ epci: {} }, { epci: none }, { code: {} }])
      expect((await pageOf('region', { where, first: 1 })).totalCount, JSON.stringify(where)).toBe(totalCount)
    const inSome = await pageOf('region', { where: { epci: { startsWith: '2' } }, first: 1 })
    expect(inSome.totalCount).toBeLessThan(totalCount)
  })

  it('takes blanks at the ends of a part of a name for blanks in the name', async () => {
    const namesOf = async (contains: string): Promise<readonly string[]> =>
      (await pageOf('nation', { where: { name: { contains } }, first: 1000 })).nodes.map(({ name }: any) => name)
    const found = await namesOf(' lès ')
    expect(found.length).toBeGreaterThan(50)
    expect(found.filter((name) => !/[ -]l[eè]s[ -]/i.test(name))).toEqual([])
    expect(await namesOf('-lès-')).toEqual(found)
    expect(await namesOf('lès')).toContain('Bressolles')
  })

  it.each([{ first: 1 }, { first: 1, orderBy: { by: 'NAME' } }])(
    'repeats a cursor that is none as it was given, of %o',
    async (asked) => {
      const { errors } = await federation.ask(queryOf('departement'), { ...asked, after: 'zzz' })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_PAGE' })
      expect(errors?.[0]?.message).toContain('after: "zzz"')
    },
  )

  it('is filtered and ordered by the pupils of another owner, those without a value last', async () => {
    const some = await pageOf('region', {
      where: { value: { measure: 'pupils-lower-secondary', schoolYear: 2022, gt: 0 } },
      orderBy: { by: 'VALUE', measure: 'pupils-lower-secondary', schoolYear: 2022 },
    })
    expect(some.nodes.map(({ code, schoolEnrolment }: any) => [code, schoolEnrolment.lowerSecondary.value])).toEqual([
      ['35360', 36],
      ['35238', 410],
    ])
    for (const direction of ['ASC', 'DESC']) {
      const { nodes } = await pageOf('region', {
        where: { departement: { in: ['22', '35'] } },
        orderBy: { by: 'VALUE', measure: 'pupils-lower-secondary', schoolYear: 2022, direction },
        first: 700,
      })
      const numbers = nodes.map(({ schoolEnrolment }: any) => schoolEnrolment.lowerSecondary.value)
      const known = numbers.filter((value: number | null) => value !== null)
      expect(known.length).toBeLessThan(numbers.length)
      expect(numbers.slice(known.length).every((value: number | null) => value === null)).toBe(true)
      expect(known.at(direction === 'ASC' ? -1 : 0)).toBe(410)
    }
  })

  it('is in the order of the alphabet by name, whatever the accents and articles', async () => {
    const { nodes } = await pageOf('departement', { where: { name: { startsWith: 'é' } }, orderBy: { by: 'NAME' } })
    expect(nodes.map(({ name }: any) => name)).toEqual([
      'Eancé',
      'Epiniac',
      'Erbrée',
      'Ercé-en-Lamée',
      'Ercé-près-Liffré',
      'Essé',
      'Étrelles',
    ])
  })

  it('keeps the communes, links and values of another time', async () => {
    const { departement } = await federation.get(
      `{ departement(code: "35", at: 2019) { communes(where: { name: { eq: "Piré-sur-Seiche" } }, orderBy: { by: POPULATION }) {
        totalCount nodes { id } } } }`,
    )
    expect(departement.communes.totalCount).toBe(0)
    const before = await federation.get(
      `{ departement(code: "35", at: 2019) { communes(where: { population: { gt: 0 }, name: { eq: "Dourdain" } }) { nodes { id population { value } } } } }`,
    )
    expect(before.departement.communes.nodes).toEqual([
      { id: 'commune:35101/g2019', population: { value: expect.any(Number) } },
    ])
  })

  it.each([
    { by: 'POPULATION', direction: 'DESC' },
    { by: 'NAME' },
    { by: 'CODE', direction: 'DESC' },
    { by: 'VALUE', measure: 'pupils-lower-secondary', schoolYear: 2022 },
  ])('goes on from page to page in the order %o, each commune once', async (orderBy) => {
    const where = { population: { gt: 1000 } }
    const whole = codesOf(await pageOf('departement', { where, orderBy, first: 400 }))
    const found: string[] = []
    let after: string | null = null
    do {
      const page = await pageOf('departement', { where, orderBy, first: 60, after })
      found.push(...codesOf(page))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(found).toEqual(whole)
    expect(new Set(found).size).toBe(found.length)
  })

  it('goes on after an entry that is no longer there: the cursor holds where it stood', async () => {
    const asked = { where: { population: { gt: 1000 } }, orderBy: { by: 'POPULATION' }, first: 2 }
    const { nodes, pageInfo } = await pageOf('departement', asked)
    const [print, value, code] = JSON.parse(Buffer.from(pageInfo.endCursor, 'base64url').toString())
    expect([value, code]).toEqual([nodes[1].population.value, nodes[1].code])
    const gone = Buffer.from(JSON.stringify([print, value, `${code}x`])).toString('base64url')
    const next = (cursor: string) => pageOf('departement', { ...asked, after: cursor })
    expect(codesOf(await next(gone))).toEqual(codesOf(await next(pageInfo.endCursor)))
  })

  it('refuses a cursor of another filter, another order, another list, and one of the list without either', async () => {
    const asked = { where: { population: { gt: 1000 } }, orderBy: { by: 'POPULATION' }, first: 1 }
    const { endCursor: after } = (await pageOf('departement', asked)).pageInfo
    const plain = (await pageOf('departement', { first: 1 })).pageInfo.endCursor
    const others = [
      { ...asked, after, where: { population: { gt: 1001 } } },
      { ...asked, after, orderBy: { by: 'POPULATION', direction: 'DESC' } },
      { ...asked, after: plain },
      { first: 1, after },
    ]
    for (const other of others) expect(await refusalOf(other)).toMatchObject({ code: 'INVALID_PAGE' })
    const region = await federation.ask(queryOf('region'), { ...asked, after })
    expect(region.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_PAGE', subgraph: 'region' })
    // The same question in other words has the same cursors.
    const reworded = {
      orderBy: { direction: 'ASC', by: 'POPULATION' },
      where: { name: null, population: { gt: 1000 } },
    }
    expect(await pageOf('departement', { ...reworded, first: 1, after })).toBeTruthy()
  })

  it.each([
    [{ orderBy: { by: 'VALUE' } }, 'INVALID_ORDER'],
    [{ orderBy: { by: 'POPULATION', measure: 'pupils-primary' } }, 'INVALID_ORDER'],
    [{ orderBy: { by: 'NAME', schoolYear: 2022 } }, 'INVALID_ORDER'],
    [{ where: { name: { contains: '-' } } }, 'INVALID_FILTER'],
    [{ where: { name: { startsWith: '' } } }, 'INVALID_FILTER'],
    [{ where: { name: { in: ['Rennes', ' '] } } }, 'INVALID_FILTER'],
    [{ orderBy: { by: 'VALUE', measure: 'nothing' } }, 'UNKNOWN_MEASURE'],
    [{ where: { value: { measure: 'nothing' } } }, 'UNKNOWN_MEASURE'],
    [{ where: { value: { measure: 'pupils-primary', schoolYear: 1802 } } }, 'INVALID_YEAR'],
    [{ where: { code: { eq: 'Rennes' } } }, 'INVALID_CODE'],
    [{ where: { population: { between: [3] } } }, 'INVALID_FILTER'],
    [{ where: { not: { not: { not: { not: { not: {} } } } } } }, 'INVALID_FILTER'],
  ])('refuses %j', async (variables, code) => {
    expect(await refusalOf(variables)).toMatchObject({ code, subgraph: 'departement' })
  })

  it('costs more where its communes have to be looked at', async () => {
    const cost = async (given: string) =>
      (await federation.ask(`{ nation { communes(first: 1${given}) { totalCount } } }`)).extensions.cost.requested
    expect((await cost(', where: { population: { gt: 1 } }')) - (await cost(''))).toBe(500)
    expect((await cost(', orderBy: { by: NAME }')) - (await cost(''))).toBe(500)
  })

  it('refuses a filter nested without end before anybody reads it', async () => {
    const deep = `{ departement(code: "35") { communes(where: ${'{ not: '.repeat(300)}{}${' }'.repeat(300)}) { totalCount } } }`
    expect((await federation.ask(deep)).errors?.[0]?.extensions).toMatchObject({
      code: 'VARIABLES_TOO_LARGE',
      limit: 8,
    })
  })
})

describe('subgraphs that each hold their own data alone', () => {
  it('filter, order and rank as those that share a process do', async () => {
    const data = await fixtureStore()
    const apart = await Promise.all(
      OWNERS.map(async (owner) => createSubgraph(SUBGRAPHS[owner], (await openStore(data, [owner])).reader(owner))),
    )
    const transports = localTransports(new Map(apart.map((subgraph) => [subgraph.name, subgraph])))
    const alone = await startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
    try {
      const asked = {
        where: { population: { gt: 2000 }, value: { measure: 'pupils-primary', gte: 0 } },
        orderBy: { by: 'VALUE', measure: 'pupils-upper-secondary', direction: 'DESC' },
        first: 20,
      }
      for (const list of Object.keys(LISTS) as List[])
        expect(await pageOf(list, asked, alone), list).toEqual(await pageOf(list, asked))
      const ranking = `{ ranking(measure: "pupils-upper-secondary", tier: COMMUNE, first: 20) { totalCount
        nodes { rank territory { id } observation { value status notes provenance { datasetId rule } } } unranked { totalCount } } }`
      expect(await alone.get(ranking)).toEqual(await federation.get(ranking))
    } finally {
      await alone.close()
    }
  })
})
