/** Files that nobody has to trust, and of when they are. */
import { describe, expect, it } from 'vitest'
import { tierOfFile } from '../../pipeline/boundaries/read.ts'
import { BEFORE_2024, cells, draw, feature, fileOf } from './country.ts'

describe('the day of a file of communes', () => {
  const dated = async (name: string, ...features: readonly unknown[]) =>
    (await draw(fileOf(name, ...features))).list.sources[0]

  it('is the newest on which its codes are exactly those in use where it covers', async () => {
    expect(await dated('communes.geojson', ...BEFORE_2024)).toMatchObject({
      vintage: 2023,
      asOf: '2023-01-01',
      knownBy: 'CODES',
      says: 'COG 2023, by its codes: its 6 are exactly those in use from 2016-01-01 until 2023-12-31.',
    })
  })

  it('is that of today where the codes never changed', async () => {
    expect(await dated('communes.geojson', feature('75056', cells(0, 0)))).toMatchObject({ vintage: 2026 })
  })

  it('is the year of its name, where it has one', async () => {
    for (const name of ['communes-2018.geojson', 'communes_20180101.geojson', 'communes-50m-2018-07-01.geojson']) {
      expect(await dated(name, ...BEFORE_2024)).toMatchObject({ vintage: 2018, knownBy: 'NAME' })
    }
    expect(await dated('communes-2000m.geojson', ...BEFORE_2024)).toMatchObject({ knownBy: 'CODES' })
  })

  it('is told with the differences where the name is wrong, and with the year that would fit', async () => {
    expect(await dated('communes-2025.geojson', ...BEFORE_2024)).toMatchObject({
      onlyInFile: ['35112'],
      onlyInCog: ['85165'],
      says: expect.stringContaining('They are exactly those of 2023-01-01.'),
    })
  })

  it('is the nearest where no day has its codes, with the differences', async () => {
    expect(await dated('communes.geojson', ...BEFORE_2024.slice(1))).toMatchObject({
      knownBy: 'NEAREST',
      asOf: '2023-01-01',
      onlyInCog: ['35062'],
      says: 'No day has exactly its codes. Read as of COG 2023, the nearest: of its codes, 1 in use then that it lacks (35062).',
    })
  })
})

describe('the tier of a file', () => {
  it('is told by its name, and by no other', () => {
    const names = [
      'communes-35.geojson',
      'Départements-2018.geojson',
      'REGIONS.json',
      'cantons.geojson',
      'my-communes.json',
    ]
    expect(names.map(tierOfFile)).toEqual(['COMMUNE', 'DEPARTEMENT', 'REGION', undefined, undefined])
  })
})

const square = cells(0, 0)
const [ring = []] = square
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`

describe('a file that is not what it should be is left out whole, with the list of offenders; the others are drawn', () => {
  const good = fileOf('regions.geojson', feature('53', square))
  const bad: readonly (readonly [string, ReturnType<typeof fileOf>, string, string | RegExp])[] = [
    [
      'no JSON',
      { ...fileOf('communes.geojson'), content: Buffer.from('{"type": "Feat') },
      'SOURCE_UNREADABLE',
      'no JSON',
    ],
    [
      'no text',
      { ...fileOf('communes.geojson'), content: Buffer.from([0xff, 0xfe, 0x7b]) },
      'SOURCE_UNREADABLE',
      'no JSON',
    ],
    [
      'too deep',
      { ...fileOf('communes.geojson'), content: Buffer.from(`{"features":${deep}}`) },
      'CONTRACT_BROKEN',
      'no FeatureCollection',
    ],
    ['an empty collection', fileOf('communes.geojson'), 'CONTRACT_BROKEN', 'no FeatureCollection with features'],
    ['a feature of null', fileOf('communes.geojson', null), 'CONTRACT_BROKEN', 'feature 1: it is no Feature'],
    [
      'a code that is a number',
      fileOf('departements.geojson', feature(35, square)),
      'CONTRACT_BROKEN',
      'its "code" is 35, not text',
    ],
    [
      'a code of another form',
      fileOf('communes.geojson', feature('__proto__', square)),
      'CONTRACT_BROKEN',
      'no code of the tier COMMUNE',
    ],
    [
      'unknown codes, all named',
      fileOf('communes.geojson', feature('35998', square), ...BEFORE_2024, feature('35999', square)),
      'CONTRACT_BROKEN',
      /35998: its code is unknown; feature 8, 35999/,
    ],
    [
      'a région of before 2016',
      fileOf('regions-old.geojson', feature('23', square)),
      'CONTRACT_BROKEN',
      '23: its code is unknown',
    ],
    [
      'a code that stands twice',
      fileOf('communes.geojson', ...BEFORE_2024, feature('35047', square)),
      'CONTRACT_BROKEN',
      '35047: its code stands there twice',
    ],
    [
      'a point',
      fileOf('communes.geojson', feature('35047', [1, 2], 'Point')),
      'CONTRACT_BROKEN',
      'its geometry is "Point"',
    ],
    [
      'no geometry',
      fileOf('communes.geojson', { type: 'Feature', properties: { code: '35047' }, geometry: null }),
      'CONTRACT_BROKEN',
      'its geometry is absent',
    ],
    ['a polygon without ring', fileOf('communes.geojson', feature('35047', [])), 'CONTRACT_BROKEN', 'no ring'],
    [
      'a ring of three',
      fileOf('communes.geojson', feature('35047', [ring.slice(0, 3)])),
      'CONTRACT_BROKEN',
      'fewer than four',
    ],
    [
      'an open ring',
      fileOf('communes.geojson', feature('35047', [ring.slice(0, -1)])),
      'CONTRACT_BROKEN',
      'not closed',
    ],
    [
      'a ring of one point',
      fileOf('communes.geojson', feature('35047', [ring, ring.slice(0, 4).map(() => ring[0])])),
      'CONTRACT_BROKEN',
      'feature 1, 35047: a ring has no area',
    ],
    [
      'a ring on a line',
      fileOf('communes.geojson', feature('35047', [[0.1, 0.2, 0.3, 0.1].map((x) => [x, 48 + x / 3])])),
      'CONTRACT_BROKEN',
      'feature 1, 35047: a ring has no area',
    ],
    [
      'metres (Lambert 93)',
      fileOf('communes.geojson', feature('35047', [ring.map(([x = 0]) => [350_000 + x, 6_789_000])])),
      'CONTRACT_BROKEN',
      'no longitude and latitude',
    ],
    [
      'text for numbers',
      fileOf('communes.geojson', feature('35047', [ring.map(() => ['1', '2'])])),
      'CONTRACT_BROKEN',
      'no longitude and latitude',
    ],
  ]

  it.each(bad)('%s', async (_, file, code, says) => {
    const { list, files } = await draw(file, good)
    expect(list.refused).toEqual([{ name: file.name, code, message: expect.stringMatching(says) }])
    expect(list.refused[0]?.message).toContain(file.name)
    expect([list.sources.map(({ name }) => name), files.map(({ name }) => name)]).toEqual([[good.name], ['regions']])
  })
})
