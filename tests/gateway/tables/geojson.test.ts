import { check } from '@placemarkio/check-geojson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOf, PUPILS, tableOf, write } from './example.ts'
import { hostileText } from './hostile.ts'

const POSITION = [
  { name: 'lat', type: 'number', role: { kind: 'latitude' } },
  { name: 'lon', type: 'number', role: { kind: 'longitude' } },
] as const

/** What a validator of GeoJSON reads; it throws at anything that RFC 7946 does not allow. */
const read = (bytes: Buffer) => check(bytes.toString()) as unknown as GeoJson & Record<string, unknown>

interface GeoJson {
  readonly features: readonly {
    readonly geometry: { readonly coordinates: readonly number[] } | null
    readonly properties: Readonly<Record<string, unknown>>
  }[]
}

describe('GeoJSON', () => {
  it('has a point for each row, longitude first, and the other columns as properties', async () => {
    const { features } = read(await write('geojson', PUPILS))
    expect(features).toHaveLength(PUPILS.rows.length)
    expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [4.9261, 46.1517] })
    expect(Object.keys(features[0]?.properties ?? {})).toEqual(
      PUPILS.columns.map(({ name }) => name).filter((name) => name !== 'latitude' && name !== 'longitude'),
    )
    expect(features[1]?.properties).toMatchObject({
      code: '01001',
      primary: null,
      primary_status: 'SUPPRESSED',
      note: null,
    })
  })

  it('has no geometry, and no point at 0,0, for a row without a position', async () => {
    const { features } = read(await write('geojson', PUPILS))
    expect(features[2]?.geometry).toBeNull()
    expect(features[2]?.properties['name']).toBe('Ajaccio')
  })

  it('keeps a position at 0,0 that is one', async () => {
    const { features } = read(await write('geojson', tableOf(POSITION, [[0, -0.00000001]])))
    expect(features[0]?.geometry?.coordinates).toEqual([0, 0])
  })

  it('says of itself where it comes from, under which licence and of which versions', async () => {
    const collection = read(await write('geojson', PUPILS))
    expect(collection).toMatchObject({
      type: 'FeatureCollection',
      name: PUPILS.name,
      title: PUPILS.title,
      ...PUPILS.about,
    })
  })

  it('is a valid collection where there is no row', async () => {
    expect(read(await write('geojson', { ...PUPILS, rows: [] })).features).toEqual([])
  })

  it('rounds to a millionth of a degree', async () => {
    const { features } = read(await write('geojson', tableOf(POSITION, [[48.123456789, -1.99999999]])))
    expect(features[0]?.geometry?.coordinates).toEqual([-2, 48.123457])
  })

  it('is valid whatever the texts and wherever the points', async () => {
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(degrees(90), degrees(180), hostileText), { maxLength: 6 }), async (rows) => {
        const { features } = read(await write('geojson', tableOf([...POSITION, { name: 'text' }], rows)))
        for (const [at, [latitude, longitude, text]] of rows.entries()) {
          const [east, north] = features[at]?.geometry?.coordinates ?? []
          expect(
            [Math.abs((east ?? 999) - longitude), Math.abs((north ?? 999) - latitude)].every((gap) => gap <= 5.1e-7),
          ).toBe(true)
          expect(features[at]?.properties).toEqual({ text: text.toWellFormed() })
        }
      }),
    )
  })

  it('is refused with the reason where the rows have no position', () => {
    const bare = tableOf([{ name: 'code' }], [['01001']])
    expect(formatOf('geojson').refuses?.(bare)).toBe('its rows have no latitude and longitude')
    expect(formatOf('geojson').refuses?.(PUPILS)).toBeUndefined()
    expect(() => formatOf('geojson').write(bare)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_FORMAT',
        message: expect.stringMatching(
          /^The table cannot be written as geojson, because its rows have no latitude.*Ask for CSV/,
        ),
      }),
    )
  })
})
