import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withSlips } from '../../subgraphs/national/search/slips.ts'
import { atOnce } from '../../subgraphs/kit/slices.ts'
import { sortTexts } from '../../subgraphs/national/search/sorted.ts'

/** The rows found among some texts, as `text: slips` and whether they are meant whole. */
function near(texts: readonly string[], wanted: string, most: number): Readonly<Record<string, string>> {
  const rows = atOnce(sortTexts(texts, [...texts.keys()]))
  const found: Record<string, string> = {}
  withSlips(rows, wanted, { most }, (row, slips, isWhole) => {
    found[rows.textOf(row)] = `${slips} ${isWhole ? 'whole' : 'begun'}`
  })
  return found
}

/** The slips between two texts, letter by letter: the plain table, kept in full. */
function slipsBetween(one: string, other: string): number {
  const table = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (__, column) => (row === 0 ? column : column === 0 ? row : 0)),
  )
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const ways = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (isSame ? 0 : 1)]
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        ways.push(at(row - 2, column - 2) + 1)
      table[row]![column] = Math.min(...ways)
    }
  }
  return at(one.length, other.length)
}

const beginningsOf = (text: string): readonly string[] =>
  Array.from({ length: text.length + 1 }, (_, length) => text.slice(0, length))

describe('finding a text but for slips', () => {
  it.each([
    ['a letter missing', 'marseile'],
    ['a letter too many', 'marseillle'],
    ['a wrong letter', 'marseikle'],
    ['two letters exchanged', 'masreille'],
    ['a letter wrong at the beginning', 'narseille'],
  ])('forgives %s', (_, wanted) => {
    expect(near(['lyon', 'marseille', 'paris'], wanted, 1)).toEqual({ marseille: '1 whole' })
  })

  it('tells a name that only begins so from one that is meant whole', () => {
    expect(near(['bordeaux', 'bordeaux metropole'], 'bordaux', 1)).toEqual({
      bordeaux: '1 whole',
      'bordeaux metropole': '1 begun',
    })
  })

  it('does not count blanks', () => {
    expect(near(['saint malo', 'la roche sur yon'], 'saintmalo', 1)).toEqual({ 'saint malo': '0 whole' })
    expect(near(['la roche sur yon'], 'laroche suryon', 0)).toEqual({ 'la roche sur yon': '0 whole' })
  })

  it('finds what the plain table finds, over any texts', () => {
    const word = fc
      .string({ unit: fc.constantFrom('a', 'b', 'c', ' '), minLength: 1, maxLength: 9 })
      .map((text) => text.trim())
    const texts = fc.uniqueArray(
      word.filter((text) => text !== ''),
      { minLength: 1, maxLength: 20 },
    )
    const wantedText = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(texts, wantedText, fc.integer({ min: 0, max: 2 }), (all, wanted, most) => {
        const expected = all.flatMap((text) => {
          const letters = text.replaceAll(' ', '')
          const whole = slipsBetween(letters, wanted)
          const begun = Math.min(...beginningsOf(letters).map((beginning) => slipsBetween(beginning, wanted)))
          if (begun > most) return []
          return [[text, `${begun} ${whole === begun ? 'whole' : 'begun'}`] as const]
        })
        expect(near(all, wanted, most)).toEqual(Object.fromEntries(expected))
      }),
      { numRuns: 500 },
    )
  })
})
