import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

const RESOLVE = `query ($code: ID!, $from: Day, $to: Day) {
  resolve(code: $code, from: $from, to: $to) {
    code name standing from to stoodIn { code name }
    results { code name quality share inhabitants census isCurrent commune { id name departement { code } } }
    path { date kind from { code name } to { code name } share quality }
  }
}`

describe('resolve', () => {
  it('tells what an old code is today, by which path, and gives the commune', async () => {
    const { resolve } = await federation.get(RESOLVE, { code: '75059' })
    expect(resolve).toEqual({
      code: '75059',
      name: 'Pierrefitte-sur-Seine',
      standing: 'COMMUNE',
      from: '1967-12-31',
      to: '2026-01-01',
      stoodIn: { code: '75059', name: 'Pierrefitte-sur-Seine' },
      results: [
        {
          code: '93066',
          name: 'Saint-Denis',
          quality: 'EXACT',
          share: 1,
          inhabitants: null,
          census: null,
          isCurrent: true,
          commune: { id: 'commune:93066', name: 'Saint-Denis', departement: { code: '93' } },
        },
      ],
      path: [
        {
          date: '1968-01-01',
          kind: 'DEPARTEMENT_CHANGE',
          from: { code: '75059', name: 'Pierrefitte-sur-Seine' },
          to: { code: '93059', name: 'Pierrefitte-sur-Seine' },
          share: 1,
          quality: 'EXACT',
        },
        {
          date: '2025-01-01',
          kind: 'MERGER',
          from: { code: '93059', name: 'Pierrefitte-sur-Seine' },
          to: { code: '93066', name: 'Saint-Denis' },
          share: 1,
          quality: 'EXACT',
        },
      ],
    })
  })

  it('takes a day or a year, written as text or number, as a variable or in the query', async () => {
    const { a, b, c } = await federation.get(`{
      a: resolve(code: "49126", from: 2014) { name from }
      b: resolve(code: "49126", from: "2014") { name from }
      c: resolve(code: "49126", from: "2014-01-01", to: 2015) { name from to results { name isCurrent commune { id } } }
    }`)
    expect(a).toEqual({ name: 'Drain', from: '2014-01-01' })
    expect(b).toEqual(a)
    expect(c).toEqual({ ...a, to: '2015-01-01', results: [{ name: 'Drain', isCurrent: false, commune: null }] })
    const { resolve } = await federation.get(RESOLVE, { code: '49126', from: 2014 })
    expect(resolve.name).toBe('Drain')
  })

  it('shares a divided commune out', async () => {
    const { resolve } = await federation.get(RESOLVE, { code: '85084', from: 2023 })
    expect(resolve.results.map(({ code, quality, census }: any) => ({ code, quality, census }))).toEqual(
      ['85084', '85165', '85212'].map((code) => ({ code, quality: 'MEASURED', census: 2023 })),
    )
    expect(resolve.results.reduce((sum: number, { share }: any) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  it.each([
    ['a code that never was', { code: '35999' }, 'UNKNOWN_TERRITORY', /35363 Pont-Péan/],
    ['a code that was not yet', { code: '93059', from: 1950 }, 'UNKNOWN_TERRITORY', /from 1968-01-01/],
    ['a malformed code', { code: '1001' }, 'INVALID_CODE', /Write 01001/],
    ['a day that is none', { code: '35238', from: '2024-02-30' }, 'INVALID_DATE', /from: "2024-02-30".*YYYY-MM-DD/],
    ['a day after the newest vintage', { code: '35238', to: 2030 }, 'INVALID_DATE', /to: 2030.*to 2026-12-31/],
    ['what is no day at all', { code: '35238', to: true }, 'INVALID_DATE', /to: true/],
  ])('refuses %s', async (_, variables, code, message) => {
    const { data, errors } = await federation.ask(RESOLVE, variables)
    expect(data).toEqual({ resolve: null })
    expect(errors).toMatchObject([{ path: ['resolve'], extensions: { code } }])
    expect(errors?.[0]?.message).toMatch(message)
  })

  it('suggests the nearest codes to programs, too', async () => {
    const { errors } = await federation.ask('{ resolve(code: "75100") { name } }')
    expect(errors?.[0]?.extensions['suggestions']).toContainEqual({ code: '75101', name: 'Paris 1er Arrondissement' })
  })
})

describe('changes', () => {
  const CHANGES = `query ($from: Day!, $to: Day, $within: ID, $first: Int, $after: String) {
    changes(from: $from, to: $to, within: $within, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { date kind from { code } to { code name } share }
    }
  }`

  it.each(['commune:35062', 'epci:200072452', 'departement:35', 'region:53', 'grouping:academie-14', 'nation:FR'])(
    'lists the movements of %s',
    async (within) => {
      const { changes } = await federation.get(CHANGES, { from: 2023, to: '2024-01-01', within, first: 1000 })
      expect(changes.nodes).toContainEqual({
        date: '2024-01-01',
        kind: 'MERGER',
        from: { code: '35112' },
        to: { code: '35062', name: 'La Chapelle-Fleurigné' },
        share: 1,
      })
      expect(changes.totalCount).toBe(changes.nodes.length)
    },
  )

  it('goes on page by page, and finds those of the nation without within', async () => {
    const all = (await federation.get(CHANGES, { from: 2024, first: 1000 })).changes
    const first = (await federation.get(CHANGES, { from: 2024, first: 100 })).changes
    const second = (await federation.get(CHANGES, { from: 2024, first: 100, after: first.pageInfo.endCursor })).changes
    expect(first.pageInfo.hasNextPage).toBe(true)
    expect([...first.nodes, ...second.nodes]).toEqual(all.nodes.slice(0, 200))
    expect((await federation.get(CHANGES, { from: 2024, within: 'nation:FR' })).changes.totalCount).toBe(all.totalCount)
  })

  const WITHIN = `query ($from: Day!, $within: ID) {
    changes(from: $from, to: 2024, within: $within, first: 1000) {
      totalCount resolvedFrom { code name kind } nodes { date from { code } to { code } }
    }
  }`

  it.each([
    ['commune:35062/g2026', 'commune:35062'],
    ['commune:35112/g2019', 'commune:35062'],
    ['commune:35112/g1990', 'commune:35062'],
    ['departement:35/g2019', 'departement:35'],
    ['nation:FR/g2020', 'nation:FR'],
  ])('takes an id with its vintage: %s is on the ground of %s', async (within, now) => {
    const [then, today] = await Promise.all(
      [within, now].map((id) => federation.get(WITHIN, { from: 2015, within: id })),
    )
    expect(then.changes.totalCount).toBeGreaterThan(0)
    expect(then).toEqual(today)
    expect(then.changes.resolvedFrom).toBeNull()
  })

  it('takes the ground that an EPCI had, also of one that is gone since', async () => {
    const { held, gone } = await federation.get(`{
      held: changes(from: 2023, to: 2024, within: "epci:200072452/g2019") { resolvedFrom { code } nodes { from { code } } }
      gone: changes(from: 1943, within: "epci:247700438/g2019") { totalCount resolvedFrom { code } }
    }`)
    expect(held.nodes).toContainEqual({ from: { code: '35112' } })
    expect(gone.totalCount).toBeGreaterThan(0)
    expect([held.resolvedFrom, gone.resolvedFrom]).toEqual([null, null])
  })

  it.each([
    ['commune:35112', 'commune:35062', { code: '35112', name: 'Fleurigné', kind: 'COMMUNE_DELEGUEE' }],
    ['commune:35112/g2026', 'commune:35062', { code: '35112', name: 'Fleurigné', kind: 'COMMUNE_DELEGUEE' }],
    ['region:83', 'region:84', { code: '83', name: 'Auvergne', kind: 'FORMER_REGION' }],
  ])('says that %s is answered for %s', async (within, now, resolvedFrom) => {
    const asked = await federation.get(WITHIN, { from: 2015, within })
    const { changes } = await federation.get(WITHIN, { from: 2015, within: now })
    expect(asked).toEqual({ changes: { ...changes, resolvedFrom } })
  })

  it('says until when the movements are known, and begins after that without an error', async () => {
    const { rest, later, resolve } = await federation.get(`{
      rest: changes(from: "2026-01-02", to: "2026-12-31") { totalCount knownUntil resolvedFrom { code } }
      later: changes(from: "2026-06-01") { totalCount knownUntil }
      resolve(code: "35112", to: "2026-12-31") { to knownUntil }
    }`)
    expect(rest).toEqual({ totalCount: 0, knownUntil: '2026-01-01', resolvedFrom: null })
    expect(later).toEqual({ totalCount: 0, knownUntil: '2026-01-01' })
    expect(resolve).toEqual({ to: '2026-12-31', knownUntil: '2026-01-01' })
  })

  it.each([
    [{ from: 2024, to: 2020 }, 'INVALID_DATE'],
    [{ from: 1943, within: '' }, 'INVALID_CODE'],
    [{ from: 2020, within: 'commune:77362' }, 'TERRITORY_DIVIDED'],
    [{ from: 2020, within: 'region:53/g2010' }, 'UNSUPPORTED_GEOGRAPHY'],
    [{ from: 'then' }, 'INVALID_DATE'],
    [{ from: 2020, within: 'departement:99' }, 'INVALID_CODE'],
    [{ from: 2020, within: 'epci:000000000' }, 'UNKNOWN_TERRITORY'],
    [{ from: 2020, first: 5000 }, 'INVALID_PAGE'],
  ])('refuses %j', async (variables, code) => {
    const { data, errors } = await federation.ask(CHANGES, variables)
    expect(data).toEqual({ changes: null })
    expect(errors).toMatchObject([{ extensions: { code } }])
  })
})
