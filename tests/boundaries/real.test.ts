/** The official boundaries of 2018, where they are on this machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Feature, MultiPolygon, Polygon } from 'geojson'
import { sphericalRingArea } from 'topojson-simplify'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawAtlas, openAtlas } from '../../core/territories/atlas.ts'
import { piecesOf } from '../../core/territories/pieces.ts'
import type { Territories } from '../../core/territories/territory.ts'
import { drawBoundaries, type Boundaries } from '../../pipeline/boundaries/build.ts'
import { censusesOf, readEmbeddedCog } from '../../pipeline/sources/cog.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'boundaries')
const isHere = existsSync(FOLDER)
if (!isHere) console.log(`Skipped, the official boundaries are not on this machine: ${FOLDER} does not exist.`)

type Shape = Feature<Polygon | MultiPolygon, { code: string }>

const polygonsOf = ({ geometry }: Shape) =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates

/** In square kilometres, whichever way the rings run. */
const areaOf = (shape: Shape): number =>
  polygonsOf(shape).reduce((sum, rings) => {
    const areas = rings.map((ring) => {
      const half = sphericalRingArea(ring as [number, number][], false)
      return Math.min(half, 4 * Math.PI - half) * 6371.0088 ** 2
    })
    return sum + areas.reduce((outer, inner) => outer - inner)
  }, 0)
const areaOfAll = (shapes: readonly Shape[]): number => shapes.reduce((sum, shape) => sum + areaOf(shape), 0)
const shapesIn = (text: string): readonly Shape[] => (JSON.parse(text) as { features: Shape[] }).features

describe.skipIf(!isHere)('the official boundaries of 2018', () => {
  let territories: Territories
  let boundaries: Boundaries
  const given = new Map<string, readonly Shape[]>()
  beforeAll(async () => {
    const { chronicle, vintages } = readEmbeddedCog()
    const years = vintages.map(({ year }) => year)
    const pieces = piecesOf(chronicle, years, censusesOf(vintages))
    territories = openAtlas(drawAtlas(vintages, chronicle, pieces)).current
    const files = readdirSync(FOLDER)
      .toSorted()
      .map((name) => ({ name, sha256: name, content: readFileSync(join(FOLDER, name)) }))
    for (const { name, content } of files) given.set(name, shapesIn(String(content)))
    const started = performance.now()
    boundaries = await drawBoundaries({ files, refused: [], chronicle, territories })
    console.log(`boundaries: ${Math.round(performance.now() - started)} ms`)
  })
  const drawn = (name: string): readonly Shape[] =>
    shapesIn(boundaries.files.find((file) => file.name === name)?.geojson ?? '{"features":[]}')

  it('are known to be of 2018 where their codes tell, and of today where nothing changed since', () => {
    const { sources, refused } = boundaries.list
    expect(refused).toEqual([])
    expect(Object.fromEntries(sources.map(({ name, vintage, knownBy }) => [name, `${vintage} ${knownBy}`]))).toEqual({
      'communes-35-ille-et-vilaine.geojson': '2018 CODES',
      'communes-49-maine-et-loire.geojson': '2018 CODES',
      'communes-69-rhone.geojson': '2018 CODES',
      'communes-75-paris.geojson': '2026 CODES',
      'communes-976-mayotte.geojson': '2026 CODES',
      'departements-avec-outre-mer-2018.geojson': '2018 NAME',
      'departements-version-simplifiee-2018.geojson': '2018 NAME',
      'regions-avec-outre-mer-2018.geojson': '2018 NAME',
      'regions-version-simplifiee-2018.geojson': '2018 NAME',
    })
  })

  it.each(['35', '49', '69', '75', '976'])('draw or list each commune that stands in %s today, once', (code) => {
    const { territory } = territories.find('DEPARTEMENT', code)
    const expected = territories.communesOf(territory).map(({ id }) => id)
    const without = boundaries.list.withoutBoundary.map(({ id }) => id)
    const ids = drawn(`communes-${code}`).map(({ id }) => String(id))
    expect(ids.length).toBeGreaterThan(0)
    expect([...ids, ...without.filter((id) => expected.includes(id as never))].toSorted()).toEqual(expected.toSorted())
  })

  it('keep their areas through conversion, simplification and the grid', () => {
    const pairs = [
      ['communes-35-ille-et-vilaine.geojson', 'communes-35', 1e-4],
      ['communes-49-maine-et-loire.geojson', 'communes-49', 1e-4],
      ['communes-69-rhone.geojson', 'communes-69', 1e-4],
      ['communes-976-mayotte.geojson', 'communes-976', 1e-3],
      ['departements-avec-outre-mer-2018.geojson', 'departements', 2e-3],
      ['regions-avec-outre-mer-2018.geojson', 'regions', 2e-3],
    ] as const
    for (const [source, name, part] of pairs) {
      const [before, after] = [areaOfAll(given.get(source) ?? []), areaOfAll(drawn(name))]
      expect(Math.abs(after / before - 1), name).toBeLessThan(part)
    }
    // Fleurigné and La Chapelle-Janson of 2018 are La Chapelle-Fleurigné.
    const then = (given.get('communes-35-ille-et-vilaine.geojson') ?? []).filter(({ properties }) =>
      ['35062', '35112'].includes(properties.code),
    )
    const now = drawn('communes-35').filter(({ id }) => id === 'commune:35062')
    expect([then.length, now.length]).toEqual([2, 1])
    expect(areaOfAll(now) / areaOfAll(then)).toBeCloseTo(1, 2)
  })

  it('lie in France, each shape with an area', () => {
    for (const { name } of boundaries.files) {
      for (const shape of drawn(name)) {
        expect(areaOf(shape), String(shape.id)).toBeGreaterThan(0.1)
        const positions = polygonsOf(shape).flat(2)
        expect(
          positions.every(([x = 0, y = 0]) => x >= -64 && x <= 56 && y >= -22 && y <= 52),
          String(shape.id),
        ).toBe(true)
      }
    }
  })

  it('are small enough for a page: communes of a département 60 KB packed, all départements 80 KB', () => {
    for (const { name, topojson } of boundaries.files) {
      expect(gzipSync(topojson, { level: 9 }).length, name).toBeLessThan(name === 'departements' ? 80_000 : 60_000)
    }
  })

  it('give the EPCI whose members are all there', () => {
    const epcis = drawn('epcis').map(({ id }) => id)
    expect(epcis).toContain('epci:243500139')
    const straddling = boundaries.list.withoutBoundary.find(({ id }) => id === 'epci:243500741')
    expect(straddling).toMatchObject({ reason: 'MEMBERS_WITHOUT', detail: expect.stringContaining('Avessac (44007)') })
  })
})
