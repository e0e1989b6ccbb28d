/** Shapes of then as territories of today: what merged, what was divided, what is put together, what is left without. */
import { describe, expect, it } from 'vitest'
import { largestOf } from '../../pipeline/boundaries/draw.ts'
import { areaOf, BEFORE_2024, cells, draw, feature, featuresOf, fileOf, idsOf, topologyOf } from './country.ts'

const communes = fileOf('communes.geojson', ...BEFORE_2024)

describe('communes of then', () => {
  it('that merged are one shape without the border between them', async () => {
    const drawn = featuresOf(await draw(communes), 'communes-35')
    expect([...drawn.keys()]).toEqual(['commune:35047', 'commune:35062', 'commune:35238'])
    const merged = drawn.get('commune:35062')
    expect([areaOf(merged), merged?.geometry.type, merged?.geometry.coordinates.length]).toEqual([2, 'Polygon', 1])
    expect(areaOf(drawn.get('commune:35238'))).toBe(1)
  })

  it('carry what a map needs', async () => {
    const drawn = featuresOf(await draw(communes), 'communes-35')
    expect(drawn.get('commune:35238')?.properties).toEqual({
      id: 'commune:35238',
      code: '35238',
      name: 'Rennes',
      epci: 'epci:243500139',
      departement: 'departement:35',
    })
    expect(drawn.get('commune:35062')?.properties).not.toHaveProperty('epci')
  })

  it('that were divided since are drawn once, for all who share the shape, and each is listed', async () => {
    const boundaries = await draw(communes)
    const id = 'shared-commune:85084+85165'
    expect(idsOf(boundaries, 'communes-85')).toEqual(['commune:85001', id])
    const shape = featuresOf(boundaries, 'communes-85').get(id)
    expect(shape?.properties['standsFor']).toEqual(['commune:85084', 'commune:85165'])
    expect(areaOf(shape)).toBe(2)
    expect(boundaries.list.withoutBoundary).toEqual(
      ['commune:85084', 'commune:85165'].map((own) =>
        expect.objectContaining({
          id: own,
          reason: 'DIVIDED_SINCE',
          detail: expect.stringContaining('85084'),
          sharedShape: id,
        }),
      ),
    )
  })

  it('that no file has leave those of today without, with the reason', async () => {
    const { list } = await draw(fileOf('communes.geojson', ...BEFORE_2024.slice(1, 3), ...BEFORE_2024.slice(4, 5)))
    expect(list.withoutBoundary.map(({ id, reason }) => `${id} ${reason}`)).toEqual([
      'epci:243500139 MEMBERS_WITHOUT',
      'commune:35047 NOT_IN_FILE',
      'commune:35062 PART_MISSING',
      'commune:85001 NOT_IN_FILE',
      'commune:85084 DIVIDED_SINCE',
      'commune:85165 DIVIDED_SINCE',
    ])
    expect(list.notCovered).toContainEqual({ tier: 'COMMUNE', departements: ['75'], count: 1 })
  })

  it('are those of one day: codes of two days leave their département out, not the others', async () => {
    const { list, files } = await draw(
      fileOf(
        'communes.geojson',
        ...BEFORE_2024.slice(0, 4),
        feature('85084', cells(0, -1)),
        feature('85001', cells(2, -1)),
        feature('85165', cells(1, -1)),
      ),
    )
    expect(files.map(({ name }) => name)).toContain('communes-85')
    expect(files.map(({ name }) => name)).not.toContain('communes-35')
    expect(list.sources[0]).toMatchObject({ knownBy: 'NEAREST', asOf: '2026-01-01', onlyInFile: ['35112'] })
    expect(list.withoutBoundary.filter(({ reason }) => reason === 'FILE_DIFFERS').map(({ code }) => code)).toEqual([
      '35047',
      '35062',
      '35238',
    ])
  })
})

describe('municipal arrondissements', () => {
  const first = feature('75101', cells(5, 0))
  const second = feature('75102', cells(6, 0))

  it('make their commune together', async () => {
    const drawn = featuresOf(await draw(fileOf('communes-75.geojson', first, second)), 'communes-75')
    expect([...drawn.keys()]).toEqual(['commune:75056'])
    expect(areaOf(drawn.get('commune:75056'))).toBe(2)
  })

  it('make nothing where one is missing, which is said', async () => {
    const { files, list } = await draw(fileOf('communes-75.geojson', first))
    expect(files).toEqual([])
    expect(list.sources[0]?.notes).toEqual(['75056 is not drawn: 1 of its 2 arrondissements are there.'])
    expect(list.withoutBoundary.map(({ id }) => id)).toEqual(['commune:75056'])
  })

  it('are not needed where the commune is there', async () => {
    const { list } = await draw(fileOf('communes-75.geojson', first, feature('75056', cells(5, 0, 2))))
    expect(list.sources[0]).toMatchObject({ shapes: 2, used: 1 })
    expect(list.sources[0]?.notes).toEqual([
      '1 of the arrondissements of 75056 not needed: the commune is there itself.',
    ])
  })
})

describe('what is put together', () => {
  it('are the EPCI of which every member is drawn, those of a shared shape with it', async () => {
    const drawn = featuresOf(await draw(communes), 'epcis')
    expect([...drawn].map(([id, own]) => [id, areaOf(own), own.properties['departements']])).toEqual([
      ['epci:200071843', 2, ['departement:85']],
      ['epci:243500139', 2, ['departement:35']],
    ])
  })

  it('are départements of communes and régions of départements, where no file has them', async () => {
    const boundaries = await draw(communes)
    const departements = featuresOf(boundaries, 'departements')
    expect([...departements].map(([id, own]) => [id, areaOf(own), own.properties['region']])).toEqual([
      ['departement:35', 4, 'region:53'],
      ['departement:85', 3, 'region:52'],
    ])
    expect(idsOf(boundaries, 'regions')).toEqual(['region:52', 'region:53'])
  })

  it('gives way to a file: the simplest of several, and what it lacks from the next', async () => {
    const simple = fileOf('departements-simple.geojson', feature('35', cells(0, 0, 1)))
    const full = fileOf('departements-full.geojson', feature('35', cells(0, 0, 9)), feature('75', cells(5, 0, 9)))
    const boundaries = await draw(full, simple, communes)
    const drawn = featuresOf(boundaries, 'departements')
    expect([...drawn].map(([id, own]) => [id, areaOf(own)])).toEqual([
      ['departement:35', 1],
      ['departement:75', 9],
      ['departement:85', 3],
    ])
    expect(boundaries.list.sources.find(({ name }) => name === full.name)).toMatchObject({
      used: 1,
      notes: ['1 of its 2 shapes are drawn, those that a simpler file lacks: 75.'],
    })
  })

  it('takes communes of two files from the newer one', async () => {
    const now = fileOf('communes-2026.geojson', feature('85084', cells(0, -1)), feature('85165', cells(1, -1)))
    const boundaries = await draw(communes, now)
    expect(idsOf(boundaries, 'communes-85')).toEqual(['commune:85001', 'commune:85084', 'commune:85165'])
    expect(boundaries.list.sources.find(({ name }) => name === communes.name)?.notes).toEqual([
      '1 of its shapes not needed: another file draws that ground.',
    ])
  })
})

describe('the shapes', () => {
  it('share the borders that they have in common', async () => {
    const { geometries } = topologyOf(await draw(communes), 'communes-35').objects.territories
    const arcsOf = (id: string) => geometries.find((one) => one.id === id)?.arcs.flat() ?? []
    const common = arcsOf('commune:35062').filter((arc) => arcsOf('commune:35238').includes(~arc))
    expect(common).toHaveLength(1)
  })

  it('run clockwise in TopoJSON, as d3 draws them, and counter-clockwise in GeoJSON, as RFC 7946 has it, whatever the file', async () => {
    for (const turn of [false, true]) {
      const ring = cells(0, 0)[0] ?? []
      const boundaries = await draw(fileOf('departements.geojson', feature('35', [turn ? ring.toReversed() : ring])))
      expect(areaOf(featuresOf(boundaries, 'departements').get('departement:35'))).toBe(1)
      const topology = JSON.parse(boundaries.files[0]?.topojson ?? '') as { arcs: number[][][] }
      const [arc = []] = topology.arcs
      let [x, y, sum] = [0, 0, 0]
      for (const [dx = 0, dy = 0] of arc) {
        sum += x * (y + dy) - (x + dx) * y
        ;[x, y] = [x + dx, y + dy]
      }
      expect(sum).toBeLessThan(0)
    }
  })

  it('keep a territory that is smaller than any detail, and lose an islet that is', async () => {
    const metre = (x: number) => [
      [
        [x, 47],
        [x + 1e-3, 47],
        [x + 1e-3, 47.001],
        [x, 47.001],
        [x, 47],
      ],
    ]
    const large = feature('35', [cells(0, 0), metre(-2)], 'MultiPolygon')
    expect(
      featuresOf(await draw(fileOf('departements.geojson', large)), 'departements').get('departement:35'),
    ).toMatchObject({
      geometry: { type: 'Polygon' },
    })
    const both = featuresOf(await draw(fileOf('departements.geojson', large, feature('75', metre(3)))), 'departements')
    expect(both.get('departement:75')).toMatchObject({ geometry: { type: 'Polygon' } })
    expect(areaOf(both.get('departement:75'))).toBeGreaterThan(0)
  })

  it('keep no more corners where one among them is tiny: the tolerance told is the one used', async () => {
    const square = cells(0, 0)[0] ?? []
    const dented = feature('35', [square.toSpliced(1, 0, [0.05, 48.0003])])
    const tiny = feature('75', [[0, 1, 3, 2, 0].map((at) => [5 + (at % 2) / 1e5, 48 + Math.floor(at / 2) / 1e5])])
    const boundaries = await draw(fileOf('departements.geojson', dented, tiny))
    const drawn = featuresOf(boundaries, 'departements')
    expect([...drawn.keys()]).toEqual(['departement:35', 'departement:75'])
    expect(drawn.get('departement:35')?.geometry.coordinates[0]).toHaveLength(square.length)
    expect(boundaries.files.find(({ name }) => name === 'departements')?.tolerance).toBe(250_000)
  })

  it('may have very many islets: the largest of them is found', () => {
    const islets = Array.from({ length: 200_000 }, () => cells(1, 0))
    const coordinates = [...islets, cells(0, 0, 2), ...islets].map((rings) => rings.map((ring) => ring.toReversed()))
    expect(largestOf({ type: 'MultiPolygon', coordinates })).toMatchObject({ polygon: 200_000 })
  })

  it('are the same to the byte for the same files', async () => {
    expect(await draw(communes)).toEqual(await draw(communes))
  })
})
