import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OBSERVATION_STATUSES } from '../../../core/observations/status.ts'
import { type CellColumns, Cube, type CubeCell, type RareFacts } from '../../../core/store/cube.ts'

interface Row {
  readonly slice: number
  readonly territory: number
  readonly value: number | null
  readonly status: number
  readonly expected: number
  readonly reported: number
  readonly notes: number
  readonly rare: RareFacts | null
}

const rowsOf: fc.Arbitrary<readonly Row[]> = fc
  .uniqueArray(
    fc.record({
      slice: fc.integer({ min: 0, max: 5 }),
      territory: fc.integer({ min: 0, max: 40 }),
      value: fc.option(fc.double({ noNaN: true })),
      status: fc.nat({ max: OBSERVATION_STATUSES.length - 1 }),
      expected: fc.nat(100_000),
      reported: fc.nat(100_000),
      notes: fc.nat(0xffff),
      rare: fc.option(
        fc.record({ suppressed: fc.nat(9), notLocated: fc.nat(9), notLocatedValue: fc.nat(9), estimated: fc.nat(9) }),
      ),
    }),
    { selector: ({ slice, territory }) => `${slice}/${territory}`, maxLength: 60 },
  )
  .map((rows) => rows.toSorted((left, right) => left.slice - right.slice || left.territory - right.territory))

function columnsOf(rows: readonly Row[]): CellColumns {
  return {
    slice: Int32Array.from(rows, ({ slice }) => slice),
    territory: Int32Array.from(rows, ({ territory }) => territory),
    value: Float64Array.from(rows, ({ value }) => value ?? Number.NaN),
    status: Uint8Array.from(rows, ({ status }) => status),
    expected: Int32Array.from(rows, ({ expected }) => expected),
    reported: Int32Array.from(rows, ({ reported }) => reported),
    share: Float32Array.from(rows, () => 0.5),
    notes: Uint16Array.from(rows, ({ notes }) => notes),
    rare: new Map(rows.flatMap(({ rare }, position) => (rare === null ? [] : [[position, rare] as const]))),
  }
}

describe('the cube', () => {
  it('finds exactly the cells it was made of, whatever they are', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const cube = new Cube(columnsOf(rows))
        const naive = new Map(
          rows.map(({ slice, territory, status, rare, ...facts }): [string, CubeCell] => [
            `${slice}/${territory}`,
            {
              ...facts,
              status: OBSERVATION_STATUSES[status]!,
              share: 0.5,
              ...(rare ?? { suppressed: 0, notLocated: 0, notLocatedValue: 0, estimated: 0 }),
            },
          ]),
        )
        expect(cube.size).toBe(rows.length)
        for (let slice = -1; slice <= 6; slice += 1) {
          for (let territory = -1; territory <= 41; territory += 1) {
            const found = cube.cell(slice, territory)
            const expected = naive.get(`${slice}/${territory}`)
            if (expected === undefined) {
              if (found !== undefined) expect.fail(`found a cell at ${slice}/${territory}`)
            } else expect(found).toEqual(expected)
          }
        }
      }),
    )
  })

  it('tells a value of 0 from no value', () => {
    const row = { slice: 0, status: 0, expected: 1, reported: 1, notes: 0, rare: null }
    const cube = new Cube(
      columnsOf([
        { ...row, territory: 1, value: 0 },
        { ...row, territory: 2, value: null },
      ]),
    )
    expect([cube.cell(0, 1)?.value, cube.cell(0, 2)?.value]).toEqual([0, null])
  })
})
