/** What a filter of communes says, against the plainest reading of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MeasureValues } from '../../core/store/reader.ts'
import { conditionOf, type CommuneFilter } from '../../subgraphs/kit/filter.ts'
import { territories } from '../core/store/tinyStore.ts'

const communes = territories.ofTier('COMMUNE')

/** Inhabitants of the six communes of the tiny store; of two nobody knows. */
const POPULATIONS: Readonly<Record<string, number | null>> = {
  '22016': 400,
  '22209': 3500,
  '35047': null,
  '35093': 10_000,
  '35238': 220_000,
  '98818': null,
}

const values = {
  valueOf: ({ code }) => POPULATIONS[code] ?? null,
  statusOf: ({ code }) => (POPULATIONS[code] === null ? 'NOT_PUBLISHED' : 'NORMAL'),
} as Partial<MeasureValues> as MeasureValues

const wanted = async (filter: CommuneFilter): Promise<readonly string[]> => {
  const condition = await conditionOf(filter, { territories, values: async () => values })
  return communes.filter((commune) => condition(commune) === true).map(({ code }) => code)
}
const refusal = (filter: CommuneFilter): Promise<unknown> => wanted(filter).catch((error: unknown) => error)

describe('a filter of communes', () => {
  it.each<[CommuneFilter, readonly string[]]>([
    [{}, ['22016', '22209', '35047', '35093', '35238', '98818']],
    [{ code: { eq: '35238' } }, ['35238']],
    [{ code: { in: ['35238', '22016'] } }, ['22016', '35238']],
    [{ code: { in: [] } }, []],
    [{ code: { startsWith: '35' } }, ['35047', '35093', '35238']],
    [{ name: { eq: 'ile de brehat' } }, ['22016']],
    [{ name: { in: ['NOUMEA', 'dinard'] } }, ['35093', '98818']],
    [{ name: { startsWith: 'BEAUSSAIS sur' } }, ['22209']],
    [{ name: { startsWith: 'ile ' } }, ['22016']],
    [{ name: { startsWith: 'din ' } }, []],
    [{ name: { contains: 'sur-mer' } }, ['22209']],
    [{ epci: { eq: '243500139' } }, ['35047', '35238']],
    [{ not: { epci: { eq: '243500139' } } }, ['22016', '22209', '35093', '98818']],
    [{ departement: { eq: '35' } }, ['35047', '35093', '35238']],
    [{ population: { gte: 3500, lt: 220_000 } }, ['22209', '35093']],
    [{ population: { gt: 3500, lte: 220_000 } }, ['35093', '35238']],
    [{ population: { between: [400, 3500] } }, ['22016', '22209']],
    [{ population: { eq: 400 } }, ['22016']],
    [{ value: { measure: 'any', status: ['NOT_PUBLISHED'] } }, ['35047', '98818']],
    [{ or: [{ population: { lt: 1000 } }, { name: { contains: 'RENNES' } }] }, ['22016', '35238']],
    [{ or: [] }, []],
    [{ and: [] }, ['22016', '22209', '35047', '35093', '35238', '98818']],
    [{ and: [{ departement: { eq: '35' } }, { not: { code: { eq: '35238' } } }] }, ['35047', '35093']],
  ])('%j', async (filter, codes) => {
    expect(await wanted(filter)).toEqual(codes)
  })

  it('lists a commune whose value nobody knows neither with a condition on it nor with its opposite', async () => {
    const small: CommuneFilter = { population: { lt: 5000 } }
    expect(await wanted(small)).toEqual(['22016', '22209'])
    expect(await wanted({ not: small })).toEqual(['35093', '35238'])
    expect(await wanted({ or: [small, { not: small }] })).toHaveLength(4)
    expect(await wanted({ or: [small, { code: { eq: '35047' } }] })).toContain('35047')
  })

  it('holds to the laws of De Morgan and of double negation, whatever is asked', async () => {
    const leaf: fc.Arbitrary<CommuneFilter> = fc.oneof(
      fc.record({ population: fc.record({ gte: fc.integer({ min: 0, max: 250_000 }) }) }),
      fc.record({ departement: fc.record({ eq: fc.constantFrom('22', '35', '988') }) }),
      fc.record({ name: fc.record({ contains: fc.constantFrom('e', 'r', 'ou', 'mer') }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(leaf, { maxLength: 4 }), async (some) => {
        const opposites = some.map((not): CommuneFilter => ({ not }))
        expect(await wanted({ not: { or: some } })).toEqual(await wanted({ and: opposites }))
        expect(await wanted({ not: { and: some } })).toEqual(await wanted({ or: opposites }))
        expect(await wanted({ not: { not: { and: some } } })).toEqual(await wanted({ and: some }))
        const each = await Promise.all(some.map(wanted))
        const codes = communes.map(({ code }) => code)
        expect(await wanted({ or: some })).toEqual(codes.filter((code) => each.some((list) => list.includes(code))))
        expect(await wanted({ and: some })).toEqual(codes.filter((code) => each.every((list) => list.includes(code))))
      }),
    )
  })

  it.each<[string, CommuneFilter]>([
    ['5 levels', { not: { not: { not: { not: { code: { eq: '35238' } } } } } }],
    ['51 conditions', { or: Array.from({ length: 51 }, () => ({ name: { eq: 'a' } })) }],
    ['6 measures', { or: Array.from({ length: 6 }, (_, n) => ({ value: { measure: 'any', schoolYear: 2000 + n } })) }],
    ['a range upside down', { population: { between: [2, 1] } }],
    ['a range of one number', { population: { between: [2] } }],
  ])('refuses %s', async (_, filter) => {
    expect(await refusal(filter)).toMatchObject({ code: 'INVALID_FILTER', extensions: { argument: 'where' } })
  })

  it('refuses what is no code', async () => {
    expect(await refusal({ departement: { eq: 'Bretagne' } })).toMatchObject({ code: 'INVALID_CODE' })
  })
})
