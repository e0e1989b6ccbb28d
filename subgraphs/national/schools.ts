import { StratesError } from '../../core/observations/error.ts'
import type { SchoolKind } from '../../core/observations/school.ts'
import type { School } from '../../core/store/reader.ts'
import { pageOf, type PageArguments } from '../kit/connection.ts'
import type { SubgraphContext } from '../kit/context.ts'
import type { SchoolParent, TerritoryParent } from '../kit/parents.ts'
import { schoolAt, schoolReference } from '../kit/school.ts'
import { aroundOf, parentOf } from '../kit/tier.ts'

/** The farthest that schools are looked for around a place, in kilometres. */
const LARGEST_RADIUS_KM = 200

/** What is asked of a list of schools. */
interface SchoolsArguments extends PageArguments {
  readonly kind?: SchoolKind | null
}

/** What is asked of the schools around a place. */
interface NearArguments extends SchoolsArguments {
  readonly lat: number
  readonly lon: number
  readonly radiusKm: number
}

/** The schools of a territory, a page at a time. */
export const schoolsOf = (
  territory: TerritoryParent,
  { kind = null, ...page }: SchoolsArguments,
  { store }: SubgraphContext,
) => {
  const { schools } = store
  return pageOf(schools.within(territory, kind, aroundOf(store, territory)), page, {
    idOf: (position) => schools.uaiAt(position),
    nodeOf: (position) => schoolAt(position, store),
  })
}

/**
 * The schools around a place, a page at a time, nearest first.
 * @throws StratesError INVALID_POSITION for a place off the globe, or a radius out of bounds.
 */
export const schoolsNear = (
  { lat, lon, radiusKm, kind = null, ...page }: NearArguments,
  { store }: SubgraphContext,
) => {
  requireWithin('lat', lat, Math.abs(lat) <= 90, 'degrees north from -90 to 90')
  requireWithin('lon', lon, Math.abs(lon) <= 180, 'degrees east from -180 to 180')
  const isSearchable = radiusKm > 0 && radiusKm <= LARGEST_RADIUS_KM
  requireWithin('radiusKm', radiusKm, isSearchable, `more than 0 and at most ${LARGEST_RADIUS_KM} kilometres`)
  const { schools } = store
  const connection = pageOf(schools.near({ latitude: lat, longitude: lon, radiusKm }, kind), page, {
    idOf: ({ position }) => schools.uaiAt(position),
    nodeOf: ({ position, distanceKm }) => ({ ...schoolAt(position, store), distanceKm }),
  })
  return {
    ...connection,
    edges: connection.edges.map((edge) => ({ ...edge, distanceKm: edge.node.distanceKm })),
  }
}

/** The facts of a school: those of one edition of the directory, or of the enrolment file that alone names it. */
export const school = {
  ...schoolReference,
  name: ofSchool(({ name }) => name),
  kind: ofSchool(({ kind }) => kind),
  sector: ofSchool(({ sector }) => sector),
  contract: ofSchool(({ contract }) => contract),
  located: ofSchool(({ located }) => located),
  commune: ofSchool(({ commune }, { store }) =>
    commune === -1 ? null : parentOf(store, store.territories.at(commune)),
  ),
  position: ofSchool(({ coordinates }) =>
    coordinates === null ? null : { lat: coordinates.latitude, lon: coordinates.longitude },
  ),
  opened: ofSchool(({ opened }) => opened),
  notPublished: ofSchool(notPublished),
  situation: ofSchool(({ source }) => source.situation),
  simulated: ofSchool(
    ({ source }, { store }) => store.manifest.datasets.find(({ id }) => id === source.dataset)?.simulated ?? false,
  ),
  provenance: ofSchool((facts, { store }) => store.provenanceOfSchool(facts)),
}

/** A resolver that reads the facts of a school. */
function ofSchool<Value>(read: (facts: School, context: SubgraphContext) => Value) {
  return ({ position }: SchoolParent, _: unknown, context: SubgraphContext): Value => {
    const facts = context.store.schools.at(position)
    context.noteDataset(facts.source.dataset)
    return read(facts, context)
  }
}

function notPublished({ commune, coordinates, opened }: School) {
  return [
    ...(commune === -1 ? (['COMMUNE'] as const) : []),
    ...(coordinates === null ? (['POSITION'] as const) : []),
    ...(opened === null ? (['OPENED'] as const) : []),
  ]
}

function requireWithin(argument: string, given: number, isWithin: boolean, expected: string): void {
  if (isWithin) return
  throw new StratesError({
    code: 'INVALID_POSITION',
    what: 'Schools cannot be looked for around there',
    on: `${argument}: ${given}`,
    expected,
    remedy: 'Give degrees (WGS 84), latitude first, and kilometres.',
    details: { argument, given },
  })
}
