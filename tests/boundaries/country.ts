/** A hand-made country on a grid: communes that merged, one that was divided, a city of arrondissements. */
import { groupingIncludes } from '../../core/territories/cog.ts'
import type { Tier } from '../../core/territories/code.ts'
import type { TerritoryKind } from '../../core/territories/groupings.ts'
import { FIRST_DAY, type Chronicle, type Stay } from '../../core/territories/lineage.ts'
import { indexTerritories, type Territory } from '../../core/territories/territory.ts'
import { drawBoundaries, type Boundaries } from '../../pipeline/boundaries/build.ts'

const ROWS = [
  ['NATION', 'FR', 'France', 'NATION', -1, -1, -1],
  ['REGION', '11', 'Île-de-France', 'REGION', -1, -1, -1],
  ['REGION', '52', 'Pays de la Loire', 'REGION', -1, -1, -1],
  ['REGION', '53', 'Bretagne', 'REGION', -1, -1, -1],
  ['DEPARTEMENT', '35', 'Ille-et-Vilaine', 'DEPARTEMENT', -1, -1, 3],
  ['DEPARTEMENT', '75', 'Paris', 'DEPARTEMENT', -1, -1, 1],
  ['DEPARTEMENT', '85', 'Vendée', 'DEPARTEMENT', -1, -1, 2],
  ['EPCI', '200071843', 'CC Divisée', 'COMMUNAUTE_DE_COMMUNES', -1, -1, -1],
  ['EPCI', '243500139', 'Rennes Métropole', 'METROPOLE', -1, -1, -1],
  ['COMMUNE', '35047', 'Bruz', 'COMMUNE', 8, 4, 3],
  ['COMMUNE', '35062', 'La Chapelle-Fleurigné', 'COMMUNE', -1, 4, 3],
  ['COMMUNE', '35238', 'Rennes', 'COMMUNE', 8, 4, 3],
  ['COMMUNE', '75056', 'Paris', 'COMMUNE', -1, 5, 1],
  ['COMMUNE', '85001', "L'Aiguillon", 'COMMUNE', -1, 6, 2],
  ['COMMUNE', '85084', 'Essarts-en-Bocage', 'COMMUNE', 7, 6, 2],
  ['COMMUNE', '85165', "L'Oie", 'COMMUNE', 7, 6, 2],
] as const satisfies readonly (readonly [Tier, string, string, TerritoryKind, number, number, number])[]

/** The territories of 2026. */
export const territories = indexTerritories({
  vintage: 2026,
  all: ROWS.map(([tier, code, name, kind, epci, departement, region], index): Territory => ({
    index,
    id: `${tier.toLowerCase() as Lowercase<Tier>}:${code}`,
    tier,
    code,
    name,
    kind,
    epci,
    departement,
    region,
  })),
  aliases: [],
  includes: groupingIncludes,
})

const stay = (lineage: number, code: string, commune: string, from: string, until: string | null): Stay => ({
  lineage,
  code,
  name: code,
  standing: code === commune ? 'COMMUNE' : 'COMMUNE_DELEGUEE',
  from,
  until,
  commune,
})
const always = (lineage: number, code: string): Stay => stay(lineage, code, code, FIRST_DAY, null)
const state = (code: string, from = FIRST_DAY, until: string | null = null) => ({ code, name: code, from, until })

/** 35112 went into 35062 in 2024, when 85165 left 85084, in which it had stood since 2016. 85001 was part of 85084 until then. */
export const chronicle: Chronicle = {
  stays: [
    always(0, '35047'),
    always(1, '35062'),
    stay(2, '35112', '35112', FIRST_DAY, '2024-01-01'),
    stay(2, '35112', '35062', '2024-01-01', null),
    always(3, '35238'),
    always(4, '75056'),
    stay(5, '85001', '85084', FIRST_DAY, '2016-01-01'),
    stay(5, '85001', '85001', '2016-01-01', null),
    always(6, '85084'),
    stay(7, '85165', '85165', FIRST_DAY, '2016-01-01'),
    stay(7, '85165', '85084', '2016-01-01', '2024-01-01'),
    stay(7, '85165', '85165', '2024-01-01', null),
  ],
  communes: [
    state('35047'),
    state('35062'),
    state('35112', FIRST_DAY, '2024-01-01'),
    state('35238'),
    state('75056'),
    state('85001', '2016-01-01'),
    state('85084'),
    state('85165', FIRST_DAY, '2016-01-01'),
    state('85165', '2024-01-01'),
  ],
  arrondissements: ['75101', '75102'].map((code) => ({ ...always(-1, code), commune: '75056' })),
}

/** A rectangle of cells of a tenth of a degree, its corner at column and row, with a corner on the border at each tenth. */
export function cells(column: number, row: number, width = 1): number[][][] {
  const west = column / 10
  const south = 48 + row / 10
  const at = (x: number, y: number) => [
    Math.round((west + x / 10) * 1e5) / 1e5,
    Math.round((south + y / 10) * 1e5) / 1e5,
  ]
  const bottom = Array.from({ length: width }, (_, place) => at(place, 0))
  const top = Array.from({ length: width }, (_, place) => at(width - place, 1))
  return [[...bottom, at(width, 0), ...top, at(0, 1), at(0, 0)]]
}

/** One feature of a file. */
export const feature = (code: unknown, coordinates: unknown, type = 'Polygon') => ({
  type: 'Feature',
  properties: { code, nom: `Nom de ${String(code)}` },
  geometry: { type, coordinates },
})

/** A file of features. */
export const fileOf = (name: string, ...features: readonly unknown[]) => ({
  name,
  sha256: name,
  content: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
})

/** The communes of 35 and 85 as they were from 2016 to 2023. */
export const BEFORE_2024 = [
  feature('35062', cells(0, 0)),
  feature('35112', cells(1, 0)),
  feature('35238', cells(2, 0)),
  feature('35047', cells(3, 0)),
  feature('85084', cells(0, -1, 2)),
  feature('85001', cells(2, -1)),
]

/** Draws the country from files. */
export const draw = (...files: readonly ReturnType<typeof fileOf>[]): Promise<Boundaries> =>
  drawBoundaries({ files, refused: [], chronicle, territories })

/** What a tiny topology holds, for tests. */
export interface TinyTopology {
  readonly arcs: readonly unknown[]
  readonly objects: { readonly territories: { readonly geometries: readonly TinyGeometry[] } }
}

interface TinyGeometry {
  readonly id: string
  readonly type: string
  readonly arcs: readonly (readonly number[])[]
  readonly properties: Readonly<Record<string, unknown>>
}

/** The topology of a file drawn. */
export function topologyOf({ files }: Boundaries, name: string): TinyTopology {
  const file = files.find((one) => one.name === name)
  if (file === undefined) throw new RangeError(`${name} was not drawn: ${files.map((one) => one.name).join()}`)
  return JSON.parse(file.topojson) as TinyTopology
}

/** The ids of a file drawn. */
export const idsOf = (boundaries: Boundaries, name: string): readonly string[] =>
  topologyOf(boundaries, name).objects.territories.geometries.map(({ id }) => id)

interface TinyFeature {
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly (readonly number[])[])[] }
}

/** The features of a file drawn, by id. */
export function featuresOf({ files }: Boundaries, name: string): ReadonlyMap<string, TinyFeature> {
  const text = files.find((file) => file.name === name)?.geojson ?? '{"features":[]}'
  const { features } = JSON.parse(text) as { features: readonly TinyFeature[] }
  return new Map(features.map((one) => [one.id, one]))
}

/** The area of a polygon in cells; negative where its outer ring runs clockwise. */
export function areaOf(feature: TinyFeature | undefined): number {
  const [outer = []] = feature?.geometry.coordinates ?? []
  let sum = 0
  for (const [place, [x = 0, y = 0]] of outer.entries()) {
    const [nextX = 0, nextY = 0] = outer[(place + 1) % outer.length] ?? []
    sum += x * nextY - nextX * y
  }
  return Math.round((sum / 2) * 1e8) / 1e6
}
