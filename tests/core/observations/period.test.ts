import { describe, expect, it } from 'vitest'
import { askableYear, spans } from '../../../core/observations/period.ts'

describe('a year that a question names', () => {
  it.each([1943, 2023, 2100])('%i may be asked', (year) => {
    expect(askableYear('schoolYear', year, [])).toBe(year)
  })

  it.each([1942, 2101, -1, Number.NaN])('%s may not, and the error tells which years hold figures', (year) => {
    expect(() => askableYear('schoolYear', year, [2019, 2020, 2022])).toThrow(
      expect.objectContaining({
        code: 'INVALID_YEAR',
        message: expect.stringMatching(/schoolYear: .* from 1943 to 2100.* holds figures for 2019–2020, 2022\./),
      }),
    )
  })

  it('is refused in a store without figures with a sentence of its own', () => {
    expect(() => askableYear('year', 1, [])).toThrow(/holds no figures yet/)
  })
})

describe('spans', () => {
  it.each([
    [[], ''],
    [[2020], '2020'],
    [[2016, 2018, 2019, 2020], '2016, 2018–2020'],
    [[2020, 2019, 2019], '2019–2020'],
    [[2019, 2021, 2023], '2019, 2021, 2023'],
  ])('writes %j as "%s"', (years, text) => {
    expect(spans(years)).toBe(text)
  })
})
