import type { Position } from 'geojson'
import { StratesError } from '../../core/observations/error.ts'
import type { BoundaryTier } from '../../core/store/boundaries.ts'
import { parseCode } from '../../core/territories/code.ts'

/** Rings of positions, the outer one first. */
export type PolygonRings = readonly (readonly Position[])[]

/** What a file draws under one code. Outer rings run clockwise and inner ones the other way, as d3 has it. */
export interface Shape {
  readonly code: string
  readonly polygons: readonly PolygonRings[]
}

/** A file of boundaries that passed the checks. */
export interface BoundaryShapes {
  readonly name: string
  readonly tier: BoundaryTier
  readonly shapes: readonly Shape[]
  /** How many positions: of two files, the one with fewer is the simpler. */
  readonly positions: number
}

/** How the name of a file begins, for each tier that a file may give. */
const TIER_NAMES = [
  ['communes', 'COMMUNE'],
  ['departements', 'DEPARTEMENT'],
  ['regions', 'REGION'],
] as const satisfies readonly (readonly [string, BoundaryTier])[]

/** The tier of a file, told by its name; undefined where the name is none of those known. */
export function tierOfFile(name: string): BoundaryTier | undefined {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return TIER_NAMES.find(([word]) => plain.startsWith(word))?.[1]
}

/** How many offenders a message names; all of them are in its details. */
const NAMED = 10

/**
 * Reads a GeoJSON file of boundaries (RFC 7946, WGS 84): polygons with the properties `code` and `nom`. Nothing of it is trusted.
 * @param isKnown whether a code of the tier ever was one.
 * @throws StratesError SOURCE_UNREADABLE for what is no JSON, CONTRACT_BROKEN with the list of offenders for the rest.
 */
export function readBoundaries(
  name: string,
  tier: BoundaryTier,
  content: Uint8Array,
  isKnown: (code: string) => boolean,
): BoundaryShapes {
  const features = featuresOf(name, parse(name, content))
  const shapes: Shape[] = []
  const offenders: string[] = []
  const seen = new Set<string>()
  let positions = 0
  for (const [place, feature] of features.entries()) {
    try {
      const code = codeOf(feature, tier, isKnown)
      if (seen.has(code)) throw new Offence('its code stands there twice', code)
      seen.add(code)
      const polygons = polygonsOf(feature, code)
      shapes.push({ code, polygons })
      for (const rings of polygons) for (const ring of rings) positions += ring.length
    } catch (error) {
      if (!(error instanceof Offence)) throw error
      offenders.push(`feature ${place + 1}${error.code === undefined ? '' : `, ${error.code}`}: ${error.message}`)
    }
  }
  if (offenders.length > 0) throw broken(name, offenders)
  return { name, tier, shapes, positions }
}

/** What is wrong with one feature. */
class Offence extends Error {
  readonly code: string | undefined

  constructor(says: string, code?: string) {
    super(says)
    this.code = code
  }
}

function parse(name: string, content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as unknown
  } catch (cause) {
    throw new StratesError({
      code: 'SOURCE_UNREADABLE',
      what: `The file is no JSON (${(cause as Error).message.slice(0, 200)})`,
      on: name,
      expected: 'GeoJSON in UTF-8',
      remedy: 'Download it again, or convert it to GeoJSON.',
      details: { file: name },
      cause,
    })
  }
}

function featuresOf(name: string, content: unknown): readonly unknown[] {
  if (isObject(content) && content['type'] === 'FeatureCollection' && Array.isArray(content['features'])) {
    if (content['features'].length > 0) return content['features']
  }
  throw broken(name, ['the file is no FeatureCollection with features'])
}

function broken(name: string, offenders: readonly string[]): StratesError {
  const more = offenders.length > NAMED ? `; and ${offenders.length - NAMED} more` : ''
  return new StratesError({
    code: 'CONTRACT_BROKEN',
    what: `The boundaries cannot be used: ${offenders.slice(0, NAMED).join('; ')}${more}`,
    on: name,
    expected:
      'features with properties "code" (text, an INSEE code of the tier, each once) and "nom", and a Polygon or MultiPolygon in degrees of longitude and latitude (WGS 84)',
    remedy: 'Mend the file, or take it out of the folder. Nothing of it is drawn.',
    details: { file: name, offenders },
  })
}

function codeOf(feature: unknown, tier: BoundaryTier, isKnown: (code: string) => boolean): string {
  const properties = isObject(feature) && feature['type'] === 'Feature' ? feature['properties'] : undefined
  if (!isObject(properties)) throw new Offence('it is no Feature with properties')
  const given = properties['code']
  if (typeof given !== 'string') throw new Offence(`its "code" is ${shown(given)}, not text`)
  const code = formOf(tier, given)
  if (code === undefined) throw new Offence(`its "code" is no code of the tier ${tier}`, shown(given))
  if (!isKnown(code)) throw new Offence('its code is unknown', code)
  return code
}

function formOf(tier: BoundaryTier, given: string): string | undefined {
  try {
    return parseCode(tier, given)
  } catch {
    return undefined
  }
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 40)

function polygonsOf(feature: unknown, code: string): readonly PolygonRings[] {
  const geometry = isObject(feature) ? feature['geometry'] : undefined
  const { type, coordinates } = isObject(geometry) ? geometry : { type: undefined, coordinates: undefined }
  const polygons: unknown = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : undefined
  if (!Array.isArray(polygons) || polygons.length === 0)
    throw new Offence(`its geometry is ${shown(type)}, not a Polygon or MultiPolygon`, code)
  return polygons.map((rings: unknown) => {
    if (!Array.isArray(rings) || rings.length === 0) throw new Offence('a polygon has no ring', code)
    return rings.map((ring: unknown, place) => wound(ringOf(ring, code), place === 0))
  })
}

function ringOf(ring: unknown, code: string): readonly Position[] {
  if (!Array.isArray(ring) || ring.length < 4) throw new Offence('a ring has fewer than four positions', code)
  const positions = ring.map((position: unknown): Position => {
    const [longitude, latitude] = Array.isArray(position) ? (position as unknown[]) : []
    if (!isWithin(longitude, 180) || !isWithin(latitude, 90))
      throw new Offence(`${shown(position)} is no longitude and latitude`, code)
    return [longitude, latitude]
  })
  const [first, last] = [positions[0], positions.at(-1)]
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) throw new Offence('a ring is not closed', code)
  if (Math.abs(signedArea(positions)) < LEAST_AREA) throw new Offence('a ring has no area', code)
  return positions
}

const isWithin = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most

/** The ring, clockwise where it is an outer one. */
function wound(ring: readonly Position[], isOuter: boolean): readonly Position[] {
  return signedArea(ring) < 0 === isOuter ? ring : ring.toReversed()
}

/** A ring whose positions lie on a line comes to a little more than nothing, as numbers are rounded. */
const LEAST_AREA = 1e-12

/** Twice the area of a ring in square degrees; negative where it runs clockwise. Counted from its first position, to lose no digits. */
function signedArea(ring: readonly Position[]): number {
  const [fromX = 0, fromY = 0] = ring[0] ?? []
  let [sum, x, y] = [0, 0, 0]
  for (const [longitude = 0, latitude = 0] of ring) {
    const [nextX, nextY] = [longitude - fromX, latitude - fromY]
    sum += x * nextY - nextX * y
    x = nextX
    y = nextY
  }
  return sum
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
