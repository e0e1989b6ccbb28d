import { describe, expect, it } from 'vitest'
import type { CubeCell } from '../../../core/store/cube.ts'
import { openFetched, type CellSource } from '../../../core/store/fetched.ts'

const CELL: CubeCell = {
  value: 7,
  status: 'NORMAL',
  expected: 1,
  reported: 1,
  share: 1,
  notes: 0,
  suppressed: 0,
  notLocated: 0,
  notLocatedValue: 0,
  estimated: 0,
}

/** A source that has the same cell in every slice, of territory 5 alone. */
const SOURCE = {
  slicesOf: async (_, slices) =>
    slices.map(() => ({ size: 1, cell: (_slice: number, territory: number) => (territory === 5 ? CELL : undefined) })),
} as Partial<CellSource> as CellSource

describe('whole slices', () => {
  it('answer of each territory, also that there is no cell', async () => {
    const cells = await openFetched(SOURCE).slices('commune', [3])
    expect(cells.cell(3, 5)).toBe(CELL)
    expect(cells.cell(3, 6)).toBeUndefined()
  })

  it('are no answer about what was not fetched: neither another slice nor parts', async () => {
    const cells = await openFetched(SOURCE).slices('commune', [3])
    expect(() => cells.cell(4, 5)).toThrow('the slice 4 is not among those that were fetched')
    expect(() => cells.parts(3, 5)).toThrow('cells were fetched and no parts')
  })
})
