import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { colourAt, COUNTS, coverageLegendOf, legendOf, limitsOf, shadeAt } from '../../gateway/explorer/map/classes.js'
import { layoutOf, type Shape } from '../../gateway/explorer/map/layout.js'
import { isArrow, neighbourOf } from '../../gateway/explorer/map/neighbours.js'
import { TILES, tileDrawing } from '../../gateway/explorer/map/tiles.js'

const value = (value: number, status = 'NORMAL', share = 1) => ({
  value,
  status,
  coverage: { expected: 100, reported: Math.round(share * 100), share },
})
const absent = (status: string) => ({ value: null, status })
const QUANTILES = { method: 'quantile', count: 4, isCount: true } as const

describe('the classes of a map', () => {
  it('holds about as many members in each quantile', () => {
    expect(limitsOf([1, 2, 3, 4, 5, 6, 7, 80], 'quantile', 4)).toEqual([2.75, 4.5, 6.25])
    const { entries } = legendOf(
      [1, 2, 3, 4, 5, 6, 7, 80].map((one) => value(one)),
      QUANTILES,
    )
    expect(entries.map(({ from, to, count }) => [from, to, count])).toEqual([
      [1, 2, 2],
      [3, 4, 2],
      [5, 6, 2],
      [7, 80, 2],
    ])
  })

  it('spans as much in each equal class, and shows no class that nobody is in', () => {
    expect(limitsOf([0, 5, 100], 'equal', 4)).toEqual([25, 50, 75])
    const { entries } = legendOf([value(10), value(20), value(110)], { ...QUANTILES, method: 'equal' })
    expect(entries.map(({ from, to, count }) => [from, to, count])).toEqual([
      [10, 20, 2],
      [110, 110, 1],
    ])
    expect(entries.map(({ fill }) => fill)).toEqual(['var(--class-1)', 'var(--class-5)'])
  })

  it('never makes two classes of one value', () => {
    expect(limitsOf([3, 3, 3, 3, 9], 'quantile', 5)).toHaveLength(1)
    expect(limitsOf([7, 7], 'equal', 5)).toEqual([])
    const { entries } = legendOf([value(7), value(7)], QUANTILES)
    expect(entries.map(({ count }) => count)).toEqual([2])
  })

  it('takes zero for a number: its own look among counts, a value as any other among ratios', () => {
    const observations = [value(0), value(0), value(4), value(8), absent('NOT_PUBLISHED')]
    const counts = legendOf(observations, QUANTILES)
    expect(counts.entries[0]).toMatchObject({ kind: 'zero', count: 2 })
    expect(counts.entryOf(value(0)).kind).toBe('zero')
    expect(counts.entryOf(absent('NOT_PUBLISHED'))).toMatchObject({ kind: 'absent', fill: 'url(#hatch-NOT_PUBLISHED)' })
    const ratios = legendOf(observations, { ...QUANTILES, isCount: false })
    expect(ratios.entries.map(({ kind }) => kind)).not.toContain('zero')
    expect(ratios.entryOf(value(0))).toMatchObject({ kind: 'class', from: 0 })
  })

  it('counts each status that stands in the place of a value, and what did not come at all', () => {
    const { entries } = legendOf([absent('SUPPRESSED'), absent('NOT_PUBLISHED'), absent('SUPPRESSED'), null], QUANTILES)
    expect(entries.map(({ status, count }) => [status, count])).toEqual([
      ['NOT_PUBLISHED', 1],
      ['SOURCE_UNAVAILABLE', 1],
      ['SUPPRESSED', 2],
    ])
  })

  it('counts values that are a minimum', () => {
    expect(legendOf([value(3, 'PARTIAL'), value(4), absent('SUPPRESSED')], QUANTILES).partial).toBe(1)
  })

  it('puts every value into the one entry whose bounds hold it, whatever the values', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0, max: 1e6, noNaN: true })))
    const how = fc.record({
      method: fc.constantFrom('quantile' as const, 'equal' as const),
      count: fc.constantFrom(...COUNTS),
      isCount: fc.boolean(),
    })
    fc.assert(
      fc.property(values, how, (numbers, options) => {
        const { entries, entryOf } = legendOf(
          numbers.map((one) => value(one)),
          options,
        )
        for (const one of numbers) {
          const entry = entryOf(value(one))
          expect(entries).toContain(entry)
          expect(entry.from <= one && one <= entry.to).toBe(true)
        }
        expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(numbers.length)
        expect(entries.length).toBeLessThanOrEqual(options.count + 1)
      }),
    )
  })

  it('tells complete from nearly complete, and absent from empty', () => {
    const observations = [value(5, 'PARTIAL', 0.3), value(5, 'PARTIAL', 0.999), value(0), absent('NOT_PUBLISHED')]
    const { entries, entryOf } = coverageLegendOf(observations)
    expect(entries.map(({ kind, from, count }) => [kind, from, count])).toEqual([
      ['class', 0, 1],
      ['class', 0.98, 1],
      ['class', 1, 1],
      ['absent', 0, 1],
    ])
    expect(entryOf({ value: 4, status: 'NORMAL', coverage: null }).kind).toBe('noCoverage')
  })
})

describe('the colours of a map', () => {
  const style = (name: string) => readFileSync(join(import.meta.dirname, '../../gateway/explorer', name), 'utf8')
  const themes = ['light', 'dark'].map((theme, index) => {
    // The first block of each file is light; the dark one is the first within the media query.
    const blocks = ['style.css', 'map/style.css'].map(
      (name) => style(name).split('@media (prefers-color-scheme: dark)')[index],
    )
    const variables = new Map<string, string>()
    for (const block of blocks) {
      const own = (block ?? '').slice(0, (block ?? '').indexOf('}'))
      for (const [, name = '', colour = ''] of own.matchAll(/(--[\w-]+): (#[0-9a-f]{6})/g)) variables.set(name, colour)
    }
    return { theme, variables }
  })

  it.each(themes)('grows steadily lighter or darker in the $theme theme, so that it needs no hue', ({ variables }) => {
    for (const count of COUNTS) {
      const lights = placesOf(count).map((place) => lightnessOf(luminanceOf(place, variables)))
      const steps = lights.slice(1).map((light, index) => light - (lights[index] ?? 0))
      expect(new Set(steps.map(Math.sign)).size).toBe(1)
      expect(Math.min(...steps.map(Math.abs))).toBeGreaterThan(count === 7 ? 6 : 8)
    }
  })

  it.each(themes)(
    'has a line round each area and a letter on it that can be told from its colour, $theme',
    ({ variables }) => {
      const named = (name: string) => luminance(channels(variables.get(name) ?? ''))
      for (const place of COUNTS.flatMap(placesOf)) {
        const isHigh = shadeAt(place) === 'high'
        const isMiddle = shadeAt(place) === 'middle'
        const line = isMiddle ? '--map-line-middle' : isHigh ? '--map-line-high' : '--map-line'
        const ink = isMiddle ? '--map-ink-middle' : isHigh ? '--map-ink-high' : '--map-ink'
        const fill = luminanceOf(place, variables)
        expect([place, contrast(named(line), fill)]).toEqual([place, expect.toSatisfy((ratio: number) => ratio >= 3)])
        expect([place, contrast(named(ink), fill)]).toEqual([place, expect.toSatisfy((ratio: number) => ratio >= 4.5)])
      }
    },
  )

  it('lies between the colours of the style', () => {
    expect(colourAt(0)).toBe('var(--class-1)')
    expect(colourAt(1)).toBe('var(--class-5)')
    expect(colourAt(1 / 3)).toBe('color-mix(in oklab, var(--class-3) 33%, var(--class-2))')
  })

  const placesOf = (count: number) => Array.from({ length: count }, (_, index) => index / (count - 1))

  /** Of the colour that the browser mixes. */
  function luminanceOf(place: number, variables: ReadonlyMap<string, string>): number {
    const step = place * 4
    const [low, high] = [Math.floor(step), Math.ceil(step)].map((at) =>
      toOklab(channels(variables.get(`--class-${at + 1}`) ?? '')),
    )
    const mixed = low?.map((part, index) => part + ((high?.[index] ?? part) - part) * (step - Math.floor(step))) ?? []
    return luminance(fromOklab(mixed))
  }

  const channels = (colour: string) =>
    [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
  const luminance = ([red = 0, green = 0, blue = 0]: readonly number[]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue
  const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  const lightnessOf = (light: number) => 116 * Math.cbrt(light) - 16

  const times = (matrix: readonly (readonly number[])[], vector: readonly number[]) =>
    matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * (vector[index] ?? 0), 0))
  // Oklab as CSS Color 4 gives it.
  const toOklab = (rgb: readonly number[]) =>
    times(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      times(
        [
          [0.4122214708, 0.5363325363, 0.0514459929],
          [0.2119034982, 0.6806995451, 0.1073969566],
          [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        rgb,
      ).map(Math.cbrt),
    )
  const fromOklab = (lab: readonly number[]) =>
    times(
      [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
      ],
      times(
        [
          [1, 0.3963377774, 0.2158037573],
          [1, -0.1055613458, -0.0638541728],
          [1, -0.0894841775, -1.291485548],
        ],
        lab,
      ).map((part) => part ** 3),
    )
})

/** Pairs that share a border, one or more for each corner of the country. */
const BORDERS =
  `59-62 62-80 80-76 76-27 27-14 14-50 14-61 50-35 35-22 22-29 29-56 35-44 44-85 85-79 17-33 33-40 40-64 64-65 65-31 31-09
09-11 11-66 11-34 34-30 30-13 13-83 83-06 06-04 04-05 05-26 73-38 73-74 74-01 01-39 39-25 25-90 90-68 68-67 67-57 57-54 54-55 55-08 08-02
02-59 75-92 75-93 75-94 78-95 77-91 77-10 45-41 41-37 18-36 58-89 21-71 03-63 63-15 15-12 12-81 81-82 82-47 24-46 46-19 19-87 87-23 43-42
07-26 48-30 2A-2B`
    .split(/\s+/)
    .map((pair) => pair.split('-') as [string, string])

describe('the map of tiles', () => {
  it.each([
    ['DEPARTEMENT', 101],
    ['REGION', 18],
  ])('has a place of its own for each %s', (tier, count) => {
    const tiles = TILES[tier] ?? []
    expect(new Set(tiles.map(({ code }) => code)).size).toBe(count)
    expect(new Set(tiles.map(({ column, row }) => `${column},${row}`)).size).toBe(count)
  })

  it('lays départements side by side that are', () => {
    const placeOf = new Map((TILES['DEPARTEMENT'] ?? []).map((tile) => [tile.code, tile]))
    const apart = BORDERS.filter(([one, other]) => {
      const [left, right] = [placeOf.get(one), placeOf.get(other)]
      if (!left || !right) return true
      return Math.max(Math.abs(left.column - right.column), Math.abs(left.row - right.row)) > 1
    })
    expect(apart.length / BORDERS.length).toBeLessThan(0.12)
  })

  it('keeps north above south and west before east', () => {
    const placeOf = new Map((TILES['DEPARTEMENT'] ?? []).map((tile) => [tile.code, tile]))
    const [lille, marseille, brest, strasbourg] = ['59', '13', '29', '67'].map((code) => placeOf.get(code))
    expect(lille?.row).toBeLessThan(marseille?.row ?? 0)
    expect(brest?.column).toBeLessThan(strasbourg?.column ?? 0)
  })

  it('shows the members alone, no wider than the map, and none for tiers without tiles', () => {
    const bretagne = ['22', '29', '35', '56'].map((code) => ({ id: `departement:${code}`, code }))
    const drawing = tileDrawing('DEPARTEMENT', bretagne)
    expect(drawing?.areas.map(({ ids }) => ids[0])).toEqual(expect.arrayContaining(bretagne.map(({ id }) => id)))
    for (const { x, size } of drawing?.areas ?? []) {
      expect(x - size / 2).toBeGreaterThanOrEqual(0)
      expect(x + size / 2).toBeLessThanOrEqual(drawing?.width ?? 0)
    }
    expect(tileDrawing('COMMUNE', [{ id: 'commune:35238', code: '35238' }])).toBeUndefined()
  })
})

describe('the arrow keys on a map', () => {
  const all = Object.values(TILES).flatMap((tiles) => {
    const tier = tiles.length > 50 ? 'DEPARTEMENT' : 'REGION'
    return [
      tileDrawing(
        tier,
        tiles.map(({ code }) => ({ id: code, code })),
      )?.areas ?? [],
    ]
  })
  const [departements = [], regions = []] = all
  const from = (code: string) => departements.find(({ key }) => key === code) ?? { x: 0, y: 0 }

  it('go to the area that lies that way', () => {
    expect(neighbourOf(departements, from('35'), 'ArrowRight')).toMatchObject({ key: '53' })
    expect(neighbourOf(departements, from('35'), 'ArrowUp')).toMatchObject({ key: '50' })
    expect(neighbourOf(departements, from('75'), 'ArrowLeft')).toMatchObject({ key: '92' })
    expect(neighbourOf(departements, from('59'), 'ArrowUp')).toBeUndefined()
    expect(['ArrowLeft', 'Enter'].map(isArrow)).toEqual([true, false])
  })

  it.each([
    ['départements', departements],
    ['régions', regions],
  ] as const)('reach every one of the %s', (_, areas) => {
    const reached = new Set([areas[0]])
    for (const area of reached) {
      for (const arrow of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
        const next = area && neighbourOf(areas, area, arrow)
        if (next) reached.add(next)
      }
    }
    expect(reached.size).toBe(areas.length)
  })
})

describe('the layout of shapes', () => {
  const box = (id: string, west: number, south: number, size = 1, standsFor?: readonly string[]): Shape => ({
    type: 'Feature',
    id,
    properties: { code: id, name: id, ...(standsFor && { standsFor }) },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [west + size, south],
          [west + size, south + size],
          [west, south + size],
          [west, south],
        ],
      ],
    },
  })
  const turned = (shape: Shape): Shape =>
    shape.geometry.type === 'Polygon'
      ? {
          ...shape,
          geometry: { type: 'Polygon', coordinates: shape.geometry.coordinates.map((ring) => ring.toReversed()) },
        }
      : shape

  it('puts north above south and keeps all within the map', () => {
    const { areas, width, height, frames } = layoutOf([box('north', 2, 50), box('south', 2, 43), box('west', -4, 48)])
    const [north, south, west] = areas
    expect(north?.y).toBeLessThan(south?.y ?? 0)
    expect(west?.x).toBeLessThan(north?.x ?? 0)
    expect(frames).toEqual([])
    for (const { d } of areas) {
      const numbers = [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)]
      expect(numbers.length).toBeGreaterThan(3)
      for (const [, x, y] of numbers) expect([Number(x) <= width, Number(y) <= height]).toEqual([true, true])
    }
  })

  it('does not mind which way a ring turns', () => {
    const [one] = layoutOf([box('a', 2, 46)]).areas
    const [other] = layoutOf([turned(box('a', 2, 46))]).areas
    expect(other?.size).toBeCloseTo(one?.size ?? 0, 0)
    expect(other?.size).toBeGreaterThan(100)
  })

  it('gives what lies overseas a frame of its own beside the mainland', () => {
    const { frames, areas } = layoutOf([
      box('metropole', 2, 46),
      box('reunion', 55.2, -21.3, 0.5),
      box('guyane', -54, 3),
    ])
    expect(frames.map(({ key }) => key)).toEqual(['973', '974'])
    const reunion = areas.find(({ key }) => key === 'reunion')
    const frame = frames[1]
    expect(reunion?.x).toBeGreaterThan(frame?.x ?? 0)
    expect(reunion?.y).toBeLessThan((frame?.y ?? 0) + (frame?.height ?? 0))
  })

  it('gives all of the map to one département overseas, and frames to several', () => {
    expect(layoutOf([box('mayotte', 45, -13, 0.2)]).frames).toEqual([])
    const { frames, areas } = layoutOf([box('mayotte', 45, -13, 0.2), box('guyane', -54, 3)])
    expect(frames.map(({ key }) => key)).toEqual(['973', '976'])
    expect(areas).toHaveLength(2)
  })

  it('draws Paris and its neighbours a second time, larger, among many', () => {
    const near = ['75', '92', '93', '94'].map((code, index) => box(`departement:${code}`, 2 + index / 10, 48, 0.1))
    const others = Array.from({ length: 20 }, (_, index) =>
      box(`departement:${index}`, -2 + (index % 5), 43 + index / 5),
    )
    const { areas, frames } = layoutOf([...near, ...others])
    expect(frames.map(({ key }) => key)).toEqual(['petite-couronne'])
    const paris = areas.filter(({ key }) => key === 'departement:75')
    expect(paris.map(({ isCopy }) => isCopy)).toEqual([false, true])
    expect(paris[1]?.size).toBeGreaterThan(2 * (paris[0]?.size ?? 0))
  })

  it('says for whom a shape stands that several share', () => {
    const ids = ['commune:1', 'commune:2']
    expect(layoutOf([box('commune:1+2', 2, 46, 1, ids)]).areas[0]?.ids).toEqual(ids)
  })
})
