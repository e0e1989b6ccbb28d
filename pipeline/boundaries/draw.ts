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

/** A shape may shrink to this part of itself, and to no less, however coarse the detail. */
const LEAST_PART = 1 / 16

/**
 * Shapes with less detail: corners and islets below the tolerance go, a border that two shapes share stays one. No shape goes:
 * where one is smaller than the tolerance, that is lowered for all.
 */
export function simplified(drawn: readonly Drawn[], { tolerance }: Detail): Topology<Territories> {
  const collection = { type: 'FeatureCollection' as const, features: [...drawn] }
  const whole = topology({ territories: collection }) as unknown as Topology<Territories>
  const smallest = Math.min(...drawn.map(({ geometry }) => largestRing(geometry)))
  const least = Math.min(tolerance / EARTH_RADIUS ** 2, smallest * LEAST_PART)
  const coarse = simplify(presimplify(whole, sphericalTriangleArea), least)
  const isKept = filterAttachedWeight(coarse, least, sphericalRingArea as (ring: [number, number][]) => number)
  return asPolygons(filter(coarse, isKept) as Topology<Territories>)
}

/** In steradians. */
const largestRing = ({ coordinates }: MultiPolygon): number =>
  Math.max(...coordinates.map(([outer = []]) => sphericalRingArea(outer as [number, number][], false)))

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
