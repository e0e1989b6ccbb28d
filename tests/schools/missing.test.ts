import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../core/store/open.ts'
import type { Contributor } from '../../pipeline/consolidate.ts'
import { contributor, countryStore, on, school, territories, type Draft } from './country.ts'

const DEPARTEMENTS = ['22', '35', '988']

/** Any contributor of a covered département: placed in one commune, in several together, or in none. */
function contributors(covered: readonly string[]): fc.Arbitrary<readonly Contributor[]> {
  const communes = territories.ofTier('COMMUNE').filter(({ departement }) => {
    return covered.includes(territories.at(departement).code)
  })
  if (communes.length === 0) return fc.constant([])
  const one = fc.record({
    home: fc.nat(communes.length - 1),
    size: fc.constantFrom(0, 1, 1, 1, 2, 3),
    state: fc.constantFrom('REPORTED' as const, 'MISSING' as const, 'SUPPRESSED' as const, 'OUT_OF_SCOPE' as const),
    value: fc.nat(300),
    isSchool: fc.boolean(),
  })
  return fc.array(one, { maxLength: 12 }).map((drafts) =>
    drafts.map(({ home, size, state, value, isSchool }, position) => {
      const first = communes[home]!
      const neighbours = communes.filter(({ departement }) => departement === first.departement)
      // Numbers repeat on purpose: two communes of a former vintage may be one commune now.
      const code = `035000${position % 5}A`
      return contributor(code, {
        uai: isSchool ? code : null,
        pieces: neighbours.slice(0, size).flatMap((commune) => territories.piecesOf(commune)),
        departement: first.departement,
        value: state === 'REPORTED' ? value : null,
        state,
      })
    }),
  )
}

const drafts: fc.Arbitrary<Draft> = fc
  .record({
    extent: fc.subarray(DEPARTEMENTS, { minLength: 1 }),
    absent: fc.subarray(DEPARTEMENTS),
    absentUnit: fc.constantFrom('COMMUNE' as const, 'DEPARTEMENT' as const),
  })
  .chain(({ extent, absent, absentUnit }) => {
    const covered = extent.filter((code) => !absent.includes(code))
    return contributors(covered).map((all) => ({ contributors: all, extent, covered, facts: { absentUnit } }))
  })

describe('the missing members of a value', () => {
  it('are as many as its coverage counts missing and suppressed, each once, whoever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(drafts, { minLength: 20, maxLength: 40 }), async (all) => {
        const { store, remove } = await countryStore(all, [school('0350000A'), school('0350003A')])
        try {
          for (const { period } of store.manifest.slices) expectAsMany(store, period)
        } finally {
          await remove()
        }
      }),
      { numRuns: 8 },
    )
  })
})

function expectAsMany(store: Store, period: number): void {
  const reader = store.reader('commune')
  for (const territory of territories.all) {
    const { coverage, counted } = reader.observe('pupils', period, territory)
    const members = reader.missingIn(counted ?? [])
    const told = `${territory.id} ${period}`
    expect(members.length, told).toBe((coverage?.missing ?? 0) + (coverage?.suppressed ?? 0))
    expect(members.filter(({ reason }) => reason === 'SUPPRESSED').length, told).toBe(coverage?.suppressed ?? 0)
    expect(new Set(members.map(({ id }) => id)).size, told).toBe(members.length)
  }
}

describe('a list of missing members', () => {
  let made: Awaited<ReturnType<typeof countryStore>>
  beforeAll(async () => {
    const bruz = on('commune:35047')
    const both = [...on('commune:35093'), ...on('commune:22094')]
    made = await countryStore(
      [
        {
          extent: ['22', '35'],
          covered: ['35'],
          contributors: [
            contributor('0350001A'),
            contributor('0350002B', { value: null, state: 'MISSING', pieces: bruz }),
            contributor('0350003C', { value: null, state: 'SUPPRESSED' }),
            contributor('0350004D', { value: null, state: 'MISSING', pieces: [] }),
            contributor('0350005E', { value: null, state: 'OUT_OF_SCOPE' }),
            contributor('35999', {
              uai: null,
              contributor: 'Dinard-Lancieux',
              pieces: both,
              value: null,
              state: 'MISSING',
            }),
          ],
        },
        { extent: ['22', '35'], covered: ['35'], contributors: [], facts: { absentUnit: 'DEPARTEMENT' } },
      ],
      [school('0350002B', { name: 'École des Tilleuls' }), school('0350003C'), school('0350004D')],
    )
  })
  afterAll(() => made?.remove())

  const missing = (id: string, period = 2000) => {
    const reader = made.store.reader('commune')
    return reader.missingIn(reader.observe('pupils', period, territories.byId(id)!).counted ?? [])
  }
  const told = (id: string, period = 2000) => missing(id, period).map(({ code, reason }) => `${code} ${reason}`)

  it('tells who, where and why', () => {
    expect(missing('commune:35047')).toEqual([
      {
        id: 'pupils|0350002B|commune:35047',
        kind: 'SCHOOL',
        code: '0350002B',
        name: 'École des Tilleuls',
        reason: 'NO_FIGURE',
        measure: 'pupils',
        placeId: 'commune:35047',
        placeName: 'Bruz',
      },
    ])
  })

  it('names the hidden ones, and leaves out who reported or is out of scope', () => {
    expect(told('commune:35238')).toEqual(['0350003C SUPPRESSED'])
  })

  it('names who is known only by its département there and above, not in its communes', () => {
    expect(told('departement:35')).toContain('0350004D NO_FIGURE')
    expect(missing('departement:35').find(({ code }) => code === '0350004D')?.placeId).toBe('departement:35')
    expect(told('epci:243500139')).toEqual(['0350002B NO_FIGURE', '0350003C SUPPRESSED'])
  })

  it('names who stands in several communes once, in each of them and in what holds them all', () => {
    expect(told('commune:35093')).toEqual(['35999 NO_FIGURE'])
    expect(told('commune:22094')).toEqual(['35999 NO_FIGURE', '22094 NO_FILE'])
    expect(told('epci:243500725')).toEqual(['35999 NO_FIGURE', '22094 NO_FILE', '22209 NO_FILE'])
    expect(told('region:53').filter((one) => one.startsWith('35999'))).toHaveLength(1)
  })

  it('puts communes that no file covers after the contributors, or their département where that counts for them', () => {
    expect(told('region:53').slice(-3)).toEqual(['22016 NO_FILE', '22094 NO_FILE', '22209 NO_FILE'])
    expect(told('region:53', 2001)).toEqual(['22 NO_FILE'])
    expect(told('commune:22016', 2001)).toEqual(['22 NO_FILE'])
    expect(told('region:988')).toEqual([])
  })

  it('is read only for slices of the same owner', () => {
    const region = made.store.reader('region')
    expect(() => region.missingIn([{ slice: 0, territory: 0, vintage: 2026 }])).toThrow(
      /region does not hold the slice 0/,
    )
  })
})
