import type { MultiPolygon } from 'geojson'
import { StratesError } from '../../core/observations/error.ts'
import type {
  BoundaryList,
  BoundaryRecord,
  BoundarySource,
  BoundaryTier,
  NotCovered,
  RefusedBoundaries,
  WithoutBoundary,
} from '../../core/store/boundaries.ts'
import { departementOfCommuneCode, territoryId } from '../../core/territories/code.ts'
import type { Chronicle } from '../../core/territories/lineage.ts'
import { stands } from '../../core/territories/pieces.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import {
  communeOfCode,
  convertCommunes,
  idOfShape,
  simplestFirst,
  type CommuneDrawing,
  type DatedShapes,
} from './convert.ts'
import { dateCommunes, dateTiersAbove } from './date.ts'
import { groundOf, simplified, written, type Detail, type Drawn, type Ground, type ShapeProperties } from './draw.ts'
import { readBoundaries, tierOfFile, type Shape } from './read.ts'

/** A file of boundaries, byte for byte. */
export interface BoundaryBytes {
  readonly name: string
  readonly sha256: string
  readonly content: Uint8Array
}

/** What there is to draw from. */
export interface BoundaryInput {
  /** The files, one at a time: they may be large. */
  readonly files: Iterable<BoundaryBytes> | AsyncIterable<BoundaryBytes>
  /** Files that were refused before they were read. */
  readonly refused: readonly RefusedBoundaries[]
  readonly chronicle: Chronicle
  readonly territories: Territories
}

/** Boundaries ready to be written. */
export interface Boundaries {
  readonly list: Omit<BoundaryList, 'files'>
  readonly files: readonly WrittenBoundaries[]
}

/** One set of shapes as texts. */
export interface WrittenBoundaries extends Omit<BoundaryRecord, 'formats'> {
  readonly topojson: string
  readonly geojson: string
}

/** How much detail each tier keeps: less than a pixel on a map of a thousand pixels of what usually holds it. */
const DETAIL: Readonly<Record<BoundaryTier, Detail>> = {
  COMMUNE: { tolerance: 5000, grid: 1e-4 },
  EPCI: { tolerance: 50_000, grid: 1e-4 },
  DEPARTEMENT: { tolerance: 250_000, grid: 1e-3 },
  REGION: { tolerance: 500_000, grid: 1e-3 },
}

/** Draws the territories of the newest COG vintage from official files of any vintage. The same files give the same bytes. */
export async function drawBoundaries(input: BoundaryInput): Promise<Boundaries> {
  const { territories, chronicle } = input
  const { files, sources, refused } = await readAll(input)
  const ofTier = (tier: BoundaryTier) => files.filter(({ file }) => file.tier === tier)
  const converted = convertCommunes(ofTier('COMMUNE'), chronicle, territories)
  const ground = groundOf(converted.drawings.flatMap(({ shapes }) => shapes))
  const communes = drawCommunes(converted.drawings, ground, territories)
  const epcis = drawFromCommunes('EPCI', converted.drawings, ground, territories)
  const departements = drawAbove(
    ofTier('DEPARTEMENT'),
    'DEPARTEMENT',
    drawFromCommunes('DEPARTEMENT', converted.drawings, ground, territories).drawn,
    territories,
  )
  const regions = drawAbove(
    ofTier('REGION'),
    'REGION',
    drawFromDepartements(departements.drawn, territories),
    territories,
  )
  const used = new Map([...converted.used, ...departements.used, ...regions.used])
  const notes = new Map([...converted.notes, ...departements.notes, ...regions.notes])
  return {
    list: {
      geography: territories.vintage,
      sources: sources.map((source) => ({
        ...source,
        used: used.get(source.name) ?? 0,
        notes: [...(notes.get(source.name) ?? []), ...movedSince(source, chronicle, territories)],
      })),
      refused,
      withoutBoundary: [
        ...regions.without,
        ...departements.without,
        ...epcis.without,
        ...converted.without.toSorted((left, right) => (left.code < right.code ? -1 : 1)),
      ],
      notCovered: [
        ...notCovered('REGION', regions, territories),
        ...notCovered('DEPARTEMENT', departements, territories),
        ...notCovered('EPCI', epcis, territories),
        ...communesNotCovered(communes, converted.without, territories),
      ],
    },
    files: [
      ...communeFiles(communes),
      ...fileOf('epcis', 'EPCI', epcis.drawn),
      ...fileOf('departements', 'DEPARTEMENT', departements.drawn),
      ...fileOf('regions', 'REGION', regions.drawn),
    ],
  }
}

async function readAll({ files, refused, chronicle, territories }: BoundaryInput) {
  const wholeOf = communeOfCode(chronicle)
  const known: Readonly<Record<string, ReadonlySet<string>>> = {
    COMMUNE: new Set([...chronicle.communes, ...chronicle.arrondissements].map(({ code }) => code)),
    DEPARTEMENT: new Set(territories.ofTier('DEPARTEMENT').map(({ code }) => code)),
    REGION: new Set(territories.ofTier('REGION').map(({ code }) => code)),
  }
  const read: DatedShapes[] = []
  const sources: Omit<BoundarySource, 'used' | 'notes'>[] = []
  const left = [...refused]
  for await (const { name, sha256, content } of files) {
    const tier = tierOfFile(name)
    if (tier === undefined) continue
    try {
      const file = readBoundaries(name, tier, content, (code) => known[tier]?.has(code) === true)
      const codes = new Set(file.shapes.map(({ code }) => (tier === 'COMMUNE' ? wholeOf(code) : code)))
      const dated =
        tier === 'COMMUNE'
          ? dateCommunes(name, codes, chronicle, territories.vintage)
          : dateTiersAbove(name, codes, ordinary(tier, territories), territories.vintage)
      read.push({ file, dated })
      sources.push({ name, sha256, bytes: content.length, tier, shapes: file.shapes.length, ...dated })
    } catch (error) {
      if (!(error instanceof StratesError)) throw error
      left.push({ name, code: error.code, message: error.message })
    }
  }
  return { files: read, sources, refused: left }
}

/** The codes that a whole file has: overseas collectivities stand in few. */
const ordinary = (tier: BoundaryTier, territories: Territories): ReadonlySet<string> =>
  new Set(
    territories
      .ofTier(tier)
      .filter(({ kind }) => kind !== 'COLLECTIVITE_OUTRE_MER')
      .map(({ code }) => code),
  )

/** The shapes of one tier, and who has none. */
interface Tier {
  readonly drawn: readonly Drawn[]
  readonly without: readonly WithoutBoundary[]
}

function drawCommunes(
  drawings: readonly CommuneDrawing[],
  ground: Ground,
  territories: Territories,
): readonly { readonly departement: string; readonly drawn: Drawn }[] {
  return drawings.map(({ communes, shapes }) => {
    const [first] = communes as [Territory]
    const id = idOfShape(communes)
    const common = (of: (commune: Territory) => number): Territory | undefined => {
      const all = new Set(communes.map(of))
      return all.size === 1 && of(first) !== -1 ? territories.at(of(first)) : undefined
    }
    const epci = common((commune) => commune.epci)
    const departement = territories.at(first.departement)
    const properties: ShapeProperties = {
      code: communes.map(({ code }) => code).join('+'),
      name: communes.map(({ name }) => name).join(', '),
      ...(communes.length > 1 && { standsFor: communes.map((commune) => commune.id) }),
      ...(epci !== undefined && { epci: epci.id }),
      departement: departement.id,
    }
    return { departement: departement.code, drawn: drawnOf(id, properties, ground.together(shapes)) }
  })
}

const drawnOf = (id: string, properties: ShapeProperties, geometry: MultiPolygon): Drawn => ({
  type: 'Feature',
  id,
  properties,
  geometry,
})

/** Territories all of whose communes are drawn, those of a shared shape together. */
function drawFromCommunes(
  tier: 'EPCI' | 'DEPARTEMENT',
  drawings: readonly CommuneDrawing[],
  ground: Ground,
  territories: Territories,
): Tier {
  const drawingOf = new Map(drawings.flatMap((drawing) => drawing.communes.map((commune) => [commune, drawing])))
  const drawn: Drawn[] = []
  const without: WithoutBoundary[] = []
  for (const territory of territories.ofTier(tier)) {
    const members = territories.communesOf(territory)
    const own = new Set(members)
    const found = new Set(members.flatMap((member) => drawingOf.get(member) ?? []))
    if (found.size === 0) continue
    const straying = [...found].flatMap(({ communes }) => communes).filter((commune) => !own.has(commune))
    const lacking = members.filter((member) => !drawingOf.has(member))
    if (lacking.length + straying.length === 0) {
      const shapes = [...found].flatMap((drawing) => drawing.shapes)
      drawn.push(drawnOf(territory.id, propertiesOf(territory, territories), ground.together(shapes)))
      continue
    }
    const detail =
      lacking.length > 0
        ? `${lacking.length} of its ${members.length} communes have no shape: ${named(lacking)}.`
        : `A shape of its communes stands for communes outside of it as well: ${named(straying)}.`
    const { id, code, name } = territory
    without.push({ id, tier, code, name, reason: 'MEMBERS_WITHOUT', detail })
  }
  return { drawn, without }
}

const named = (communes: readonly Territory[]): string => {
  const names = communes.slice(0, 5).map(({ name, code }) => `${name} (${code})`)
  return `${names.join(', ')}${communes.length > 5 ? ` and ${communes.length - 5} more` : ''}`
}

function propertiesOf(territory: Territory, territories: Territories): ShapeProperties {
  const { tier, code, name, region } = territory
  const held = new Set(territories.communesOf(territory).map(({ departement }) => territories.at(departement).id))
  return {
    code,
    name,
    ...(tier === 'EPCI' && { departements: [...held].toSorted() }),
    ...(tier === 'DEPARTEMENT' && region !== -1 && { region: territories.at(region).id }),
  }
}

/** Régions all of whose départements are drawn. */
function drawFromDepartements(departements: readonly Drawn[], territories: Territories): readonly Drawn[] {
  const shapes = new Map(
    departements.map(({ id, properties, geometry }) => [id, { code: properties.code, polygons: geometry.coordinates }]),
  )
  const ground = groundOf([...shapes.values()])
  return territories.ofTier('REGION').flatMap((region) => {
    const own = territories.ofTier('DEPARTEMENT').filter((departement) => departement.region === region.index)
    const found = own.flatMap(({ id }) => shapes.get(id) ?? [])
    if (found.length === 0 || found.length < own.length) return []
    return [drawnOf(region.id, propertiesOf(region, territories), ground.together(found))]
  })
}

/**
 * The shapes of files, else those put together from what is below. Of several files the simplest counts, and the next one gives what
 * it lacks.
 */
function drawAbove(
  files: readonly DatedShapes[],
  tier: 'DEPARTEMENT' | 'REGION',
  fromBelow: readonly Drawn[],
  territories: Territories,
): Tier & { readonly used: ReadonlyMap<string, number>; readonly notes: ReadonlyMap<string, readonly string[]> } {
  const found = new Map<string, Drawn>()
  const used = new Map<string, number>()
  const notes = new Map<string, readonly string[]>()
  for (const [place, { file }] of files.toSorted((left, right) => simplestFirst(left.file, right.file)).entries()) {
    const taken = file.shapes.filter(({ code }) => !found.has(code))
    for (const shape of taken) found.set(shape.code, drawnFrom(shape, tier, territories))
    used.set(file.name, taken.length)
    if (place > 0) notes.set(file.name, [saysOfFilling(file.shapes.length, taken)])
  }
  const below = fromBelow.filter(({ properties }) => !found.has(properties.code))
  const drawn = [...found.values(), ...below]
  const ids = new Set(drawn.map(({ id }) => id))
  const without = files.length === 0 ? [] : territories.ofTier(tier).filter(({ id }) => !ids.has(id))
  return {
    drawn,
    without: without.map(({ id, code, name }) => ({
      id,
      tier,
      code,
      name,
      reason: 'NOT_IN_FILE',
      detail: 'No file has its code, and not all that it is made of is drawn.',
    })),
    used,
    notes,
  }
}

const saysOfFilling = (shapes: number, taken: readonly Shape[]): string =>
  taken.length === 0
    ? 'Not needed: a simpler file draws all of it.'
    : `${taken.length} of its ${shapes} shapes are drawn, those that a simpler file lacks: ${taken.map(({ code }) => code).join(', ')}.`

function drawnFrom({ code, polygons }: Shape, tier: BoundaryTier, territories: Territories): Drawn {
  const territory = territories.byId(territoryId(tier, code))
  if (territory === undefined) throw new RangeError(`no ${tier} ${code}`)
  const coordinates = polygons as MultiPolygon['coordinates']
  return drawnOf(territory.id, propertiesOf(territory, territories), { type: 'MultiPolygon', coordinates })
}

/** What went from one département, or région, to another since a file was drawn. */
function movedSince(
  { tier, asOf, vintage }: Pick<BoundarySource, 'tier' | 'asOf' | 'vintage'>,
  { stays }: Chronicle,
  territories: Territories,
): readonly string[] {
  if ((tier !== 'DEPARTEMENT' && tier !== 'REGION') || vintage === territories.vintage) return []
  const holder = (commune: string): string | undefined => {
    const departement = territories.byId(territoryId('DEPARTEMENT', departementOfCommuneCode(commune)))
    return tier === 'DEPARTEMENT' ? departement?.code : departement && territories.at(departement.region).code
  }
  const now = new Map(stays.filter(({ until }) => until === null).map((stay) => [stay.lineage, stay.commune]))
  return stays
    .filter((stay) => stands(stay, asOf))
    .flatMap(({ lineage, name, commune }) => {
      const [then, today] = [holder(commune), holder(now.get(lineage) ?? commune)]
      return then === undefined || today === undefined || then === today
        ? []
        : [`${name} went from ${then} to ${today} since; the border is drawn as it was.`]
    })
    .toSorted()
}

function notCovered(tier: BoundaryTier, { drawn, without }: Tier, territories: Territories): readonly NotCovered[] {
  const count = territories.ofTier(tier).length - drawn.length - without.length
  return count === 0 ? [] : [{ tier, count }]
}

function communesNotCovered(
  communes: readonly { readonly drawn: Drawn }[],
  without: readonly WithoutBoundary[],
  territories: Territories,
): readonly NotCovered[] {
  const told = new Set([...communes.map(({ drawn }) => drawn.id), ...without.map(({ id }) => id)])
  const left = territories.ofTier('COMMUNE').filter(({ id }) => !told.has(id))
  const departements = new Set(left.map(({ departement }) => territories.at(departement).code))
  return left.length === 0 ? [] : [{ tier: 'COMMUNE', departements: [...departements].toSorted(), count: left.length }]
}

/** All communes are simplified together, so that the borders of départements are the same in both files. */
function communeFiles(
  communes: readonly { readonly departement: string; readonly drawn: Drawn }[],
): readonly WrittenBoundaries[] {
  if (communes.length === 0) return []
  const detail = DETAIL.COMMUNE
  const whole = simplified(
    communes.map(({ drawn }) => drawn),
    detail,
  )
  return [...Map.groupBy(communes, ({ departement }) => departement)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([departement, own]) => {
      const ids = new Set(own.map(({ drawn }) => drawn.id))
      const texts = written(whole, (id) => ids.has(id), detail)
      const { tolerance } = detail
      return { name: `communes-${departement}`, tier: 'COMMUNE', departement, tolerance, ...texts }
    })
}

function fileOf(name: string, tier: BoundaryTier, drawn: readonly Drawn[]): readonly WrittenBoundaries[] {
  if (drawn.length === 0) return []
  const detail = DETAIL[tier]
  const { tolerance } = detail
  return [{ name, tier, tolerance, ...written(simplified(drawn, detail), () => true, detail) }]
}
