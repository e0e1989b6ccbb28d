import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import { bbox, feature, merge, quantize } from 'topojson-client'
import { topology } from 'topojson-server'
import {
  filter,
  filterAttachedWeight,
  presimplify,
  simplify,
  sphericalRingArea,
  sphericalTriangleArea,
} from 'topojson-simplify'
import type {
  GeometryCollection,
  GeometryObject,
  MultiPolygon as TopoMultiPolygon,
  Topology,
  Transform,
} from 'topojson-specification'
import type { PolygonRings, Shape } from './read.ts'

/** What a shape says of itself: whom it stands for, and what a map needs. */
export interface ShapeProperties {
  readonly code: string
  readonly name: string
  /** Of a shape that several territories share: their ids. */
  readonly standsFor?: readonly string[]
  /** Of a commune: the id of its EPCI, where it has one. */
  readonly epci?: string
  /** Of a commune: the id of its département. */
  readonly departement?: string
  /** Of an EPCI: the ids of the départements in which it has members. */
  readonly departements?: readonly string[]
  /** Of a département: the id of its région. */
  readonly region?: string
}

/** A shape as it is drawn, at full detail. */
export type Drawn = Feature<MultiPolygon, ShapeProperties> & { readonly id: string }

/** The one object of each topology. */
export type Territories = { territories: GeometryCollection<ShapeProperties> }

/** How much detail the shapes of a tier keep. */
export interface Detail {
  /** A corner of a border stays where the triangle that it makes with its neighbours has at least this area, in square metres. */
  readonly tolerance: number
  /** The grid on which positions lie, in degrees. */
  readonly grid: number
}

/** Shapes whose common borders are known to be common, so that they can be put together. */
export interface Ground {
  /** The shapes of some codes as one: the borders between them are gone. */
  together(shapes: readonly Shape[]): MultiPolygon
}

/** Finds the borders that shapes have in common. Shapes are known by identity. */
export function groundOf(shapes: readonly Shape[]): Ground {
  const collection: FeatureCollection = {
    type: 'FeatureCollection',
    features: shapes.map(({ polygons }) => ({ type: 'Feature', properties: null, geometry: geometryOf(polygons) })),
  }
  const all = topology({ shapes: collection })
  const { geometries } = all.objects['shapes'] as { geometries: TopoMultiPolygon[] }
  const geometryOfShape = new Map(shapes.map((shape, place) => [shape, geometries[place]]))
  return {
    together(wanted) {
      const [only, ...others] = wanted
      if (only !== undefined && others.length === 0) return geometryOf(only.polygons)
      return merge(
        all,
        wanted.flatMap((shape) => geometryOfShape.get(shape) ?? []),
      )
    },
  }
}

const geometryOf = (polygons: readonly PolygonRings[]): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: polygons as Position[][][],
})

/** The mean radius of the Earth, in metres (IUGG). */
const EARTH_RADIUS = 6_371_008.8

/** Of a shape that is small for the tolerance, corners below this part of its own area go, and no others. */
const LEAST_PART = 1 / 16

/**
 * Shapes with less detail: corners and islets below the tolerance go, a border that two shapes share stays one. No shape goes:
 * one that is small for the tolerance keeps more corners, and it alone.
 */
export function simplified(drawn: readonly Drawn[], { tolerance }: Detail): Topology<Territories> {
  const collection = { type: 'FeatureCollection' as const, features: [...drawn] }
  const whole = topology({ territories: collection }) as unknown as Topology<Territories>
  const least = tolerance / EARTH_RADIUS ** 2
  const weighed = presimplify(whole, sphericalTriangleArea)
  const small = smallArcs(drawn, whole, least)
  for (const [arc, times] of small) for (const position of weighed.arcs[arc] ?? []) raise(position, times)
  const coarse = simplify(weighed, least)
  const isLarge = filterAttachedWeight(coarse, least, sphericalRingArea as (ring: [number, number][]) => number)
  const isKept = (ring: unknown, isInner: boolean): boolean =>
    isLarge(ring as Parameters<typeof isLarge>[0], isInner) || (ring as number[]).some((arc) => small.has(indexOf(arc)))
  return asPolygons(filter(coarse, isKept) as Topology<Territories>)
}

/** The arcs around shapes that are small for the tolerance, and how many times as much as others their corners weigh. */
function smallArcs(
  drawn: readonly Drawn[],
  { objects }: Topology<Territories>,
  least: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const [place, { geometry }] of drawn.entries()) {
    const { polygon, area } = largestOf(geometry)
    const times = least / Math.max(area * LEAST_PART, Number.EPSILON ** 2)
    if (times <= 1) continue
    const [outer = []] = (objects.territories.geometries[place] as TopoMultiPolygon).arcs[polygon] ?? []
    for (const arc of outer) found.set(indexOf(arc), Math.max(times, found.get(indexOf(arc)) ?? 0))
  }
  return found
}

/** An arc by its place, whichever way it is followed. */
const indexOf = (arc: number): number => (arc < 0 ? ~arc : arc)

/** The weight of a corner is its third number. */
function raise(position: Position, times: number): void {
  position[2] = (position[2] ?? 0) * times
}

/** Which polygon of a shape is the largest, and its area in steradians. */
export function largestOf({ coordinates }: MultiPolygon): { readonly polygon: number; readonly area: number } {
  let largest = { polygon: 0, area: 0 }
  for (const [polygon, [outer = []]] of coordinates.entries()) {
    const found = sphericalRingArea(outer as [number, number][], false)
    // The area of a ring of next to nothing may come out as that of all the rest of the Earth.
    const area = Math.min(found, 4 * Math.PI - found)
    if (area > largest.area) largest = { polygon, area }
  }
  return largest
}

/** A shape of one polygon is a Polygon. */
function asPolygons({ objects, ...rest }: Topology<Territories>): Topology<Territories> {
  const geometries = objects.territories.geometries.map((geometry): GeometryObject<ShapeProperties> => {
    if (geometry.type !== 'MultiPolygon') return geometry
    const [only, ...others] = geometry.arcs
    return only === undefined || others.length > 0 ? geometry : { ...geometry, type: 'Polygon', arcs: only }
  })
  return { ...rest, objects: { territories: { type: 'GeometryCollection', geometries } } }
}

/** Some of the shapes of a topology as one of their own, on the grid of their detail: TopoJSON and GeoJSON. */
export function written(
  whole: Topology<Territories>,
  isWanted: (id: string) => boolean,
  { grid }: Detail,
): { readonly topojson: string; readonly geojson: string; readonly count: number } {
  const geometries = whole.objects.territories.geometries
    .filter(({ id }) => isWanted(String(id)))
    .toSorted((left, right) => (String(left.id) < String(right.id) ? -1 : 1))
  const part = filter({ ...whole, objects: { territories: { type: 'GeometryCollection', geometries } } }, () => true)
  const [west, south] = bbox(part)
  const onGrid = (degrees: number) => Math.floor(degrees / grid) * grid
  const transform: Transform = { scale: [grid, grid], translate: [onGrid(west), onGrid(south)] }
  const packed = quantize(part, transform) as Topology<Territories>
  const { bbox: _unrounded, ...content } = packed
  return { topojson: JSON.stringify(content), geojson: geojsonOf(packed, grid), count: geometries.length }
}

/** As RFC 7946 has it: outer rings counter-clockwise, no more digits than the grid has. */
function geojsonOf(packed: Topology<Territories>, grid: number): string {
  const digits = Math.ceil(-Math.log10(grid))
  const rounded = (ring: readonly Position[]) =>
    ring.toReversed().map((position) => position.map((degrees) => Number(degrees.toFixed(digits))))
  const { features } = feature<ShapeProperties>(packed, packed.objects.territories) as FeatureCollection<
    Polygon | MultiPolygon,
    ShapeProperties
  >
  const lines = features.map(({ id, properties, geometry }) => {
    const coordinates =
      geometry.type === 'Polygon'
        ? geometry.coordinates.map(rounded)
        : geometry.coordinates.map((rings) => rings.map(rounded))
    const own = { type: geometry.type, coordinates }
    return JSON.stringify({ type: 'Feature', id, properties: { id, ...properties }, geometry: own })
  })
  return `{"type":"FeatureCollection","features":[\n${lines.join(',\n')}\n]}\n`
}
