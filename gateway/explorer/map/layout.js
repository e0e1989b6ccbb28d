import { geoConicConformal, geoMercator, geoPath } from 'd3-geo'

/**
 * @import { GeoProjection } from 'd3-geo'
 * @import { Feature, MultiPolygon, Polygon, Position } from 'geojson'
 *
 * @typedef {Feature<Polygon | MultiPolygon, { code: string, name: string, standsFor?: readonly string[] }>} Shape
 *
 * @typedef {object} Area one area of a map
 * @property {string} key the id of its shape
 * @property {readonly string[]} ids the territories that it stands for: one, or those that share a shape
 * @property {string} d its outline, as SVG takes it
 * @property {number} x where its middle is
 * @property {number} y
 * @property {number} size how large it is: the root of its area
 * @property {boolean} isCopy whether it is drawn elsewhere too, and here only larger
 * @property {string} [letters] what is written on it
 *
 * @typedef {object} Frame a part of the map with a projection of its own
 * @property {string} key `971`, `petite-couronne`
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Drawing
 * @property {number} width
 * @property {number} height
 * @property {readonly Frame[]} frames those that have a name; the main part has none
 * @property {readonly Area[]} areas
 */

/** The grounds that lie apart, as west, south, east, north; what is on none of them stands with the first. */
const GROUNDS = /** @type {const} */ ([
  ['metropole', -6, 41, 10.5, 52],
  ['971', -62.6, 15.6, -60.7, 16.7],
  ['972', -61.5, 14.2, -60.6, 15.1],
  ['973', -55.5, 1.5, -51, 6.5],
  ['974', 54.5, -22, 56.5, -20],
  ['976', 44.5, -13.6, 45.7, -12],
])

const METROPOLE = 'metropole'

/** Too small to be seen beside the others: drawn again, larger. */
const NEAR_PARIS = ['departement:75', 'departement:92', 'departement:93', 'departement:94']

const WIDTH = 520
const TALLEST = 500
const LEAST = 220
const MARGIN = 6
const GAP = 8
/** The height of a frame of the row below, and of its name. */
const FRAME = 84
const NAME = 20

/**
 * Lays shapes out: the mainland in Lambert’s conic projection, what lies overseas each in a frame of its own, or alone on all of the map.
 * @param {readonly Shape[]} shapes
 * @returns {Drawing}
 */
export function layoutOf(shapes) {
  /** @type {Map<string, Shape[]>} */
  const grounds = Map.groupBy(shapes, groundOf)
  const names = [...GROUNDS.map(([name]) => name), 'elsewhere'].filter((name) => grounds.has(name))
  const [main = METROPOLE, ...others] = names
  if (names.length > 1 && main !== METROPOLE) return inRows(names, grounds)

  const own = grounds.get(main) ?? []
  const projection = projectionOf(main)
  const height = heightOf(projection, own)
  const areas = drawn(own, projection, [MARGIN, MARGIN, WIDTH - MARGIN, height - MARGIN])
  const near = shapes.filter(({ id }) => NEAR_PARIS.includes(`${id}`))
  const row = [
    ...others.map((name) => ({ key: name, shapes: grounds.get(name) ?? [], isCopy: false })),
    ...(near.length === NEAR_PARIS.length && shapes.length > 20
      ? [{ key: 'petite-couronne', shapes: near, isCopy: true }]
      : []),
  ]
  if (row.length === 0) return { width: WIDTH, height, frames: [], areas }
  const width = (WIDTH - GAP * (row.length - 1)) / Math.max(row.length, 4)
  const framed = row.map((part, place) => ({
    ...part,
    x: place * (width + GAP),
    y: height + GAP,
    width,
    height: NAME + FRAME,
  }))
  return {
    width: WIDTH,
    height: height + GAP + NAME + FRAME,
    frames: framed.map(frameOf),
    areas: [...areas, ...framed.flatMap(areasOf)],
  }
}

/** Grounds of which none is the mainland: each in a frame, three in a row. @param {readonly string[]} names @param {Map<string, Shape[]>} grounds @returns {Drawing} */
function inRows(names, grounds) {
  const columns = Math.min(3, names.length)
  const width = (WIDTH - GAP * (columns - 1)) / columns
  const framed = names.map((name, place) => ({
    key: name,
    shapes: grounds.get(name) ?? [],
    isCopy: false,
    x: (place % columns) * (width + GAP),
    y: Math.floor(place / columns) * (width + NAME + GAP),
    width,
    height: width + NAME,
  }))
  const last = framed.at(-1)
  return {
    width: WIDTH,
    height: (last?.y ?? 0) + width + NAME,
    frames: framed.map(frameOf),
    areas: framed.flatMap(areasOf),
  }
}

/** @param {Frame & Record<string, unknown>} framed @returns {Frame} */
const frameOf = ({ key, x, y, width, height }) => ({ key, x, y, width, height })

/** @param {Frame & { shapes: readonly Shape[], isCopy: boolean }} framed @returns {readonly Area[]} */
const areasOf = ({ key, shapes, isCopy, x, y, width, height }) =>
  drawn(
    shapes,
    projectionOf(isCopy ? METROPOLE : key),
    [x + MARGIN, y + NAME, x + width - MARGIN, y + height - MARGIN],
    isCopy,
  )

/** The ground on which a shape lies, by its first point: none lies on two. @param {Shape} shape */
function groundOf({ geometry }) {
  const ring = geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0]?.[0]
  const [x = 0, y = 0] = ring?.[0] ?? []
  const found = GROUNDS.find(([, west, south, east, north]) => west <= x && x <= east && south <= y && y <= north)
  return found?.[0] ?? 'elsewhere'
}

/**
 * The mainland as its official maps have it (Lambert, 44° and 49°). Nothing is cut at the antimeridian: no ground reaches it, and so it does
 * not matter which way a ring turns; borders are short, and so no corner is added to bend them.
 * @param {string} ground
 * @returns {GeoProjection}
 */
const projectionOf = (ground) =>
  (ground === METROPOLE ? geoConicConformal().parallels([44, 49]).rotate([-3, 0]) : geoMercator())
    .precision(0)
    .preclip((stream) => stream)

/** How high a map of the whole width would be, within bounds. @param {GeoProjection} projection @param {readonly Shape[]} shapes */
function heightOf(projection, shapes) {
  const all = collectionOf(shapes)
  projection.fitWidth(WIDTH - 2 * MARGIN, all)
  const [[, top], [, bottom]] = geoPath(projection).bounds(all)
  return Math.round(Math.min(TALLEST, Math.max(LEAST, bottom - top + 2 * MARGIN)))
}

/**
 * @param {readonly Shape[]} shapes @param {GeoProjection} projection
 * @param {readonly [number, number, number, number]} box @param {boolean} [isCopy]
 * @returns {readonly Area[]}
 */
function drawn(shapes, projection, [left, top, right, bottom], isCopy = false) {
  projection.fitExtent(
    [
      [left, top],
      [right, bottom],
    ],
    collectionOf(shapes),
  )
  const path = geoPath(projection).digits(1)
  return shapes.flatMap((shape) => {
    const d = path(shape)
    if (d === null) return []
    /** @type {Polygon} */
    const largest = { type: 'Polygon', coordinates: largestOf(shape, path) }
    const [x, y] = path.centroid(largest)
    const key = `${shape.id}`
    return [
      { key, ids: shape.properties.standsFor ?? [key], d, x, y, size: Math.sqrt(Math.abs(path.area(largest))), isCopy },
    ]
  })
}

/** The largest polygon of a shape, where its middle is sought. @param {Shape} shape @param {import('d3-geo').GeoPath} path @returns {Position[][]} */
function largestOf({ geometry }, path) {
  if (geometry.type === 'Polygon') return geometry.coordinates
  const [first = [], ...others] = geometry.coordinates
  const sizeOf = (/** @type {Position[][]} */ coordinates) => Math.abs(path.area({ type: 'Polygon', coordinates }))
  return others.reduce((best, one) => (sizeOf(one) > sizeOf(best) ? one : best), first)
}

/** @param {readonly Shape[]} shapes @returns {import('geojson').FeatureCollection<Polygon | MultiPolygon>} */
const collectionOf = (shapes) => ({ type: 'FeatureCollection', features: [...shapes] })
