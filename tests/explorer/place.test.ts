import { expect, test } from 'vitest'
import { apart, axis, scale, wrap, yearsBetween, yearsWritten } from '../../gateway/explorer/draw/place.js'

test('labels that want the same place stand apart, in their order, within the room', () => {
  const labels = [50, 48, 120, 50].map((at) => ({ at, size: 20 }))
  const placed = apart(labels, [0, 140])
  const inOrder = placed.toSorted((a, b) => a - b)
  for (const [index, at] of inOrder.entries())
    if (index > 0) expect(at - inOrder[index - 1]!).toBeGreaterThanOrEqual(20)
  expect(placed[1]).toBe(48)
  expect(placed[2]).toBe(120)
  expect(placed[0]).toBeLessThan(placed[3]!)
})

test('labels at the lower edge are moved up, and one that is alone stays', () => {
  expect(
    apart(
      [100, 100, 100].map((at) => ({ at, size: 10 })),
      [0, 100],
    ),
  ).toEqual([75, 85, 95])
  expect(apart([{ at: 40, size: 10 }], [0, 100])).toEqual([40])
})

test('an axis of counts begins at zero, one of an index near its lowest value, one without values is none', () => {
  expect(axis([18_949, 20_415], 0)).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000])
  expect(axis([97.2, 103], null)).toEqual([97, 98, 99, 100, 101, 102, 103])
  expect(axis([], 0)).toEqual([])
})

test('an axis holds one value alone, and one below its beginning', () => {
  const around = axis([100], null)
  expect(around[0]).toBeLessThan(100)
  expect(around.at(-1)).toBeGreaterThan(100)
  expect(axis([-3, 8], 0)[0]).toBeLessThanOrEqual(-3)
})

test('years are whole, none left out between the first and the last', () => {
  expect(yearsBetween([2018, 2016])).toEqual([2016, 2017, 2018])
  expect(yearsBetween([2023])).toEqual([2023])
  expect(yearsBetween([])).toEqual([])
})

test('where not all years have room, every second is written, and always the newest', () => {
  expect(yearsWritten([2016, 2017, 2018, 2019, 2020], 3)).toEqual([2016, 2018, 2020])
  expect(yearsWritten([2016, 2017, 2018, 2019], 2)).toEqual([2017, 2019])
  expect(yearsWritten([2016, 2017], 5)).toEqual([2016, 2017])
})

test('a name is broken at spaces and after hyphens, and none of it is lost', () => {
  expect(wrap('Pays de la Loire', 26)).toEqual(['Pays de la Loire'])
  expect(wrap('Pays de la Loire', 8)).toEqual(['Pays de', 'la Loire'])
  expect(wrap("Provence-Alpes-Côte d'Azur", 15)).toEqual(['Provence-Alpes-', "Côte d'Azur"])
  expect(wrap('Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson', 5).join('')).toBe(
    'Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson',
  )
})

test('a line does not break at a space that holds together', () => {
  expect(wrap('base\u00a0: 12\u202f345 élèves', 8)).toEqual(
    ['base\u00a0: 12\u202f345', 'élèves'].flatMap((row) => row.split(' ')),
  )
})

test('one year alone stands in the middle', () => {
  expect(scale([2023, 2023], [0, 100])(2023)).toBe(50)
  expect(scale([2021, 2023], [0, 100])(2022)).toBe(50)
})
