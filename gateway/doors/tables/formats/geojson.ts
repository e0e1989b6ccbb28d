import type { Cell, Table, TableShape } from '../table.ts'
import { factsOf } from './facts.ts'

/** Why a table cannot be put on a map. */
export function refusesGeoJson(shape: TableShape): string | undefined {
  const { latitude, longitude } = placesOf(shape)
  return latitude < 0 || longitude < 0 ? 'its rows have no latitude and longitude' : undefined
}

/**
 * A FeatureCollection as RFC 7946 has it: a point for each row, with the other columns as its properties. A row without a position has the
 * geometry null. The facts of the table are members of the collection.
 */
export function writeGeoJson(table: Table): string {
  const { latitude, longitude } = placesOf(table)
  const properties = table.columns
    .map(({ name }, at) => ({ name, at }))
    .filter(({ at }) => at !== latitude && at !== longitude)
  const features = table.rows.map((row) =>
    JSON.stringify({
      type: 'Feature',
      geometry: pointOf(row[longitude] ?? null, row[latitude] ?? null),
      properties: Object.fromEntries(properties.map(({ name, at }) => [name, row[at]])),
    }),
  )
  const head = JSON.stringify({ type: 'FeatureCollection', ...factsOf(table) }).slice(0, -1)
  return `${head},"features":[\n${features.join(',\n')}\n]}\n`
}

const placesOf = ({ columns }: TableShape): { readonly latitude: number; readonly longitude: number } => ({
  latitude: columns.findIndex(({ role }) => role?.kind === 'latitude'),
  longitude: columns.findIndex(({ role }) => role?.kind === 'longitude'),
})

const pointOf = (longitude: Cell, latitude: Cell): object | null =>
  longitude === null || latitude === null
    ? null
    : { type: 'Point', coordinates: [rounded(Number(longitude)), rounded(Number(latitude))] }

/** To a millionth of a degree, some ten centimetres, as RFC 7946 (11.2) advises; zero without a sign. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6 + 0
