import { StratesError } from '../observations/error.ts'
import type { TerritoryId } from './code.ts'
import type { Territories, Territory } from './territory.ts'

/** The three cycles of school, each with a tier that is competent for its buildings and running by the ordinary law. */
export const SCHOOL_CYCLES = ['PRIMARY', 'LOWER_SECONDARY', 'UPPER_SECONDARY'] as const

/** `PRIMARY`: écoles; `LOWER_SECONDARY`: collèges; `UPPER_SECONDARY`: lycées. */
export type SchoolCycle = (typeof SCHOOL_CYCLES)[number]

/**
 * `KNOWN`: the law names this body for the whole territory. `SHARED`: it names several, each for its part of the territory.
 * `UNKNOWN`: no source at hand tells who exercises it. `NOT_APPLICABLE`: there is nothing to be competent for.
 */
export type CompetenceStatus = 'KNOWN' | 'SHARED' | 'UNKNOWN' | 'NOT_APPLICABLE'

/** Who is competent for the public schools of a cycle, in a territory or a part of it. */
export interface Competence {
  readonly cycle: SchoolCycle
  readonly status: CompetenceStatus
  /** The COG vintage of the territories that it names. */
  readonly vintage: number
  /** The body, by its official name; null where none can be named. */
  readonly name: string | null
  /** The territory that the body governs, where it is one of the COG; null for the State and the like. */
  readonly territory: TerritoryId | null
  /** The EPCI to which the body may have handed the competence: no source at hand tells whether it did. */
  readonly transferableTo: TerritoryId | null
  /** How many communes of the territory asked this concerns. */
  readonly communes: number
  readonly legalBasis: string
  /** The first and the last 1 January on which it holds; null where that is before {@link FIRST_YEAR}, or not yet over. */
  readonly from: number | null
  readonly until: number | null
  readonly notes: readonly string[]
}

/** The régions have their shape of today since 1 January 2016 (loi n° 2015-29, article 1): earlier years are not answered. */
export const FIRST_YEAR = 2016

/** Bodies of one kind are named up to this number; more are counted in one entry. */
const MOST_NAMED = 20

const ALL = SCHOOL_CYCLES
const SECONDARY = ['LOWER_SECONDARY', 'UPPER_SECONDARY'] as const

/** What holds in some départements instead of the ordinary law; the first row that matches decides. */
interface Exception {
  readonly cycles: readonly SchoolCycle[]
  readonly departements: readonly string[]
  /** Only for the communes of the Métropole de Lyon. */
  readonly inMetropoleDeLyon?: true
  readonly from?: number
  readonly until?: number
  readonly status?: 'UNKNOWN' | 'NOT_APPLICABLE'
  readonly name: string | null
  readonly territory: TerritoryId | null
  readonly legalBasis: string
  readonly note?: string
}

const EXCEPTIONS: readonly Exception[] = [
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['69'],
    inMetropoleDeLyon: true,
    name: 'Métropole de Lyon',
    territory: 'epci:200046977',
    legalBasis: "CGCT, articles L3611-1 et L3641-2 ; code de l'éducation, article L213-2",
    note: 'Since 2015 the Métropole de Lyon, a collectivité of its own, stands in the place of the département du Rhône for its communes.',
  },
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['69'],
    name: 'Rhône',
    territory: 'departement:69',
    legalBasis: "Code de l'éducation, article L213-2 ; CGCT, article L3611-1",
    note: 'The département du Rhône without the communes of the Métropole de Lyon; the code 69 holds both.',
  },
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['67'],
    until: 2020,
    name: 'Bas-Rhin',
    territory: 'departement:67',
    legalBasis: "Code de l'éducation, article L213-2",
  },
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['68'],
    until: 2020,
    name: 'Haut-Rhin',
    territory: 'departement:68',
    legalBasis: "Code de l'éducation, article L213-2",
  },
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['67', '68'],
    from: 2021,
    name: "Collectivité européenne d'Alsace",
    territory: null,
    legalBasis: "CGCT, article L3431-1 (loi n° 2019-816 du 2 août 2019) ; code de l'éducation, article L213-2",
    note: 'It took the place of the départements du Bas-Rhin and du Haut-Rhin on 1 January 2021; both remain as territories of the COG.',
  },
  {
    cycles: ['LOWER_SECONDARY'],
    departements: ['75'],
    until: 2018,
    name: 'Paris',
    territory: 'departement:75',
    legalBasis: "Code de l'éducation, article L213-2",
    note: 'Paris was a commune and a département at once; its council sat as the council of both.',
  },
  {
    cycles: ['PRIMARY', 'LOWER_SECONDARY'],
    departements: ['75'],
    from: 2019,
    name: 'Ville de Paris',
    territory: 'commune:75056',
    legalBasis: "CGCT, article L2512-1 ; code de l'éducation, articles L212-4 et L213-2",
    note: 'A collectivité of its own, in the place of the commune and the département de Paris since 1 January 2019.',
  },
  {
    cycles: SECONDARY,
    departements: ['2A', '2B'],
    until: 2017,
    name: 'Collectivité territoriale de Corse',
    territory: 'region:94',
    legalBasis: 'CGCT, article L4424-2 (loi n° 91-428 du 13 mai 1991)',
    note: 'In Corse the collèges were never the départements’ after 1991: the collectivité had both collèges and lycées.',
  },
  {
    cycles: SECONDARY,
    departements: ['2A', '2B'],
    from: 2018,
    name: 'Collectivité de Corse',
    territory: 'region:94',
    legalBasis: 'CGCT, articles L4421-1 et L4424-2',
    note: 'It took the place of the collectivité territoriale and of both départements on 1 January 2018.',
  },
  {
    cycles: SECONDARY,
    departements: ['972'],
    name: 'Collectivité territoriale de Martinique',
    territory: 'region:02',
    legalBasis: "CGCT, article L7211-1 ; code de l'éducation, articles L213-2 et L214-6",
    note: 'It exercises the competences of a département and of a région, whose place it took in December 2015.',
  },
  {
    cycles: SECONDARY,
    departements: ['973'],
    name: 'Collectivité territoriale de Guyane',
    territory: 'region:03',
    legalBasis: "CGCT, article L7111-1 ; code de l'éducation, articles L213-2 et L214-6",
    note: 'It exercises the competences of a département and of a région, whose place it took in December 2015.',
  },
  {
    cycles: SECONDARY,
    departements: ['976'],
    name: 'État',
    territory: null,
    legalBasis: "Code de l'éducation, article L262-1 (L213-2 et L214-6 ne s'appliquent pas à Mayotte)",
    note: 'Collèges and lycées were not handed over in Mayotte. That the laws of August 2025 on Mayotte leave this as it is was not verified for 2026.',
  },
  {
    cycles: SECONDARY,
    departements: ['975'],
    name: 'État',
    territory: null,
    legalBasis: 'CGCT, article LO6414-1, I, 1°',
    note: 'The collectivité has the competences of départements and régions, but for collèges and lycées.',
  },
  {
    cycles: ALL,
    departements: ['977'],
    name: 'Collectivité de Saint-Barthélemy',
    territory: 'departement:977',
    legalBasis: 'CGCT, article LO6211-1',
    note: 'Since 2007 it stands in the place of the commune, the département and the région.',
  },
  {
    cycles: ALL,
    departements: ['978'],
    name: 'Collectivité de Saint-Martin',
    territory: 'departement:978',
    legalBasis: 'CGCT, article LO6311-1',
    note: 'Since 2007 it stands in the place of the commune, the département and the région.',
  },
  ...(
    [
      [['PRIMARY'], '975', 'Statute of the collectivité: CGCT, sixième partie, livre IV'],
      [ALL, '986', 'Statute of the territory: loi n° 61-814 du 29 juillet 1961'],
      [ALL, '987', 'Statute of the collectivité: loi organique n° 2004-192 du 27 février 2004'],
      [ALL, '988', 'Statute of the collectivité: loi organique n° 99-209 du 19 mars 1999'],
    ] as const
  ).map(([cycles, departement, legalBasis]): Exception => ({
    cycles,
    departements: [departement],
    status: 'UNKNOWN',
    name: null,
    territory: null,
    legalBasis,
    note: 'An overseas collectivity with a statute of its own: no source at hand tells who is competent for these schools.',
  })),
  {
    cycles: ALL,
    departements: ['984', '989'],
    status: 'NOT_APPLICABLE',
    name: null,
    territory: null,
    legalBasis: 'Loi n° 55-1052 du 6 août 1955',
    note: 'No one lives there for good, and there is no school.',
  },
]

/** The ordinary law: which tier is competent, by which text, and what its bodies are called when they are too many to name. */
const ORDINARY = {
  PRIMARY: { tier: 'COMMUNE', legalBasis: "Code de l'éducation, article L212-4", many: 'communes' },
  LOWER_SECONDARY: { tier: 'DEPARTEMENT', legalBasis: "Code de l'éducation, article L213-2", many: 'départements' },
  UPPER_SECONDARY: { tier: 'REGION', legalBasis: "Code de l'éducation, article L214-6", many: 'régions' },
} as const satisfies Record<SchoolCycle, unknown>

const PRIVATE_SCHOOLS: Readonly<Record<SchoolCycle, string>> = {
  PRIMARY:
    "Public schools only: for private ones under contract the collectivité pays its share (code de l'éducation, article L442-5) and is not competent.",
  LOWER_SECONDARY:
    "Public schools only: for private ones under contract the collectivité pays its share (code de l'éducation, articles L442-5 et L442-9) and is not competent.",
  UPPER_SECONDARY:
    "Public schools only: for private ones under contract the collectivité pays its share (code de l'éducation, articles L442-5 et L442-9) and is not competent.",
}

/** The Métropole du Grand Paris: its schools may lie with an établissement public territorial, never with itself (CGCT, L5219-1). */
const GRAND_PARIS = '200054781'

/**
 * Who is competent by law for the public écoles, collèges and lycées of a territory, by name, on 1 January of a year. Of a
 * territory with several bodies each is an entry, with the number of communes concerned; the bodies of the ordinary law are
 * named up to twenty a cycle and counted in one entry beyond. The bodies are territories of the vintage given, whatever the
 * year: give that of the year where it is held.
 * @param at from {@link FIRST_YEAR} to `newest`; default: the vintage of the territories.
 * @param newest the last year that may be asked; default: the vintage of the territories.
 * @throws StratesError INVALID_YEAR.
 */
export function competencesOf(
  territories: Territories,
  territory: Territory,
  at: number = territories.vintage,
  newest: number = territories.vintage,
): readonly Competence[] {
  requireYear(at, newest)
  // A nation has 35,000 communes to ask about; the law of a year and vintage does not change.
  const answers = knownAnswers.get(territories) ?? new Map<string, readonly Competence[]>()
  knownAnswers.set(territories, answers)
  const name = `${territory.id}@${at}`
  const answer = answers.get(name) ?? findCompetences(territories, territory, at)
  if (territory.tier !== 'COMMUNE') answers.set(name, answer)
  return answer
}

const knownAnswers = new WeakMap<Territories, Map<string, readonly Competence[]>>()

function findCompetences(territories: Territories, territory: Territory, at: number): readonly Competence[] {
  const places = placesOf(territories, territory)
  return SCHOOL_CYCLES.flatMap((cycle) => {
    const found = merge(places.map((place) => competenceAt(territories, cycle, place, at)))
    const ordinary = found.filter(({ isOrdinary }) => isOrdinary)
    const named = ordinary.length > MOST_NAMED ? [counted(cycle, ordinary)] : ordinary
    const all = [...named, ...found.filter(({ isOrdinary }) => !isOrdinary)]
    return all.map(({ competence }) => ({
      ...competence,
      status: competence.status === 'KNOWN' && all.length > 1 ? 'SHARED' : competence.status,
      vintage: territories.vintage,
    }))
  })
}

/** A commune, or an overseas collectivity that has none. */
type Place = Territory

/** A competence, and whether it follows from the ordinary law or from an exception. */
interface Found {
  readonly competence: Omit<Competence, 'vintage'>
  readonly isOrdinary: boolean
}

function placesOf(territories: Territories, territory: Territory): readonly Place[] {
  const communes = territories.communesOf(territory)
  return communes.length > 0 ? communes : [territory]
}

function competenceAt(territories: Territories, cycle: SchoolCycle, place: Place, at: number): Found {
  const departement = place.tier === 'COMMUNE' ? territories.at(place.departement) : place
  const epci = place.epci === -1 ? undefined : territories.at(place.epci)
  const isOfLyon = epci?.kind === 'METROPOLE_DE_LYON'
  const exception = EXCEPTIONS.find(
    (row) =>
      row.cycles.includes(cycle) &&
      row.departements.includes(departement.code) &&
      (row.inMetropoleDeLyon === undefined || isOfLyon) &&
      at >= (row.from ?? -Infinity) &&
      at <= (row.until ?? Infinity),
  )
  const communes = place.tier === 'COMMUNE' ? 1 : 0
  if (exception !== undefined) return byException(cycle, exception, communes)
  const { tier, legalBasis } = ORDINARY[cycle]
  const body = tier === 'COMMUNE' ? place : tier === 'DEPARTEMENT' ? departement : territories.at(place.region)
  const handed = handedOver(cycle, epci)
  const competence: Found['competence'] = {
    cycle,
    status: handed.isUnknown ? 'UNKNOWN' : 'KNOWN',
    name: body.name,
    territory: body.id,
    transferableTo: handed.to,
    communes,
    legalBasis,
    from: null,
    until: null,
    notes: [...handed.notes, PRIVATE_SCHOOLS[cycle]],
  }
  return { competence, isOrdinary: true }
}

function byException(cycle: SchoolCycle, exception: Exception, communes: number): Found {
  const { status = 'KNOWN', name, territory, legalBasis, from = null, until = null, note } = exception
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(status === 'NOT_APPLICABLE' ? [] : [PRIVATE_SCHOOLS[cycle]]),
  ]
  return {
    competence: { cycle, status, name, territory, transferableTo: null, communes, legalBasis, from, until, notes },
    isOrdinary: false,
  }
}

/** Whether the EPCI may exercise the competence in the body's stead, and what is known of that: nothing, commune by commune. */
function handedOver(
  cycle: SchoolCycle,
  epci: Territory | undefined,
): { readonly isUnknown: boolean; readonly to: TerritoryId | null; readonly notes: readonly string[] } {
  if (epci === undefined || cycle === 'UPPER_SECONDARY') return { isUnknown: false, to: null, notes: [] }
  if (cycle === 'LOWER_SECONDARY') {
    if (epci.kind !== 'METROPOLE' || epci.code === GRAND_PARIS) return { isUnknown: false, to: null, notes: [] }
    return {
      isUnknown: false,
      to: epci.id,
      notes: [
        `Unless the département has handed its collèges to a métropole by convention (CGCT, article L5217-2, IV): unknown, no source at hand tells.`,
      ],
    }
  }
  if (epci.kind === 'METROPOLE_DE_LYON') {
    return {
      isUnknown: false,
      to: null,
      notes: ['Écoles are not among the competences of the Métropole de Lyon (CGCT, article L3641-1).'],
    }
  }
  const grandParis = epci.code === GRAND_PARIS
  return {
    isUnknown: true,
    to: grandParis ? null : epci.id,
    notes: [
      `By law the commune. Whether it has handed its écoles, all or some, to ${grandParis ? 'its établissement public territorial' : 'its EPCI'} or to a syndicat (CGCT, articles L5211-17 et L5212-1) is unknown: no source at hand tells.`,
    ],
  }
}

/** Puts the places with the same body together, in order of appearance. */
function merge(found: readonly Found[]): readonly Found[] {
  const byBody = Map.groupBy(
    found,
    ({ competence: { name, territory, legalBasis } }) => `${name}|${territory}|${legalBasis}`,
  )
  return [...byBody.values()].map((same) => {
    const [{ competence, isOrdinary }] = same as [Found]
    return { competence: { ...competence, ...together(same) }, isOrdinary }
  })
}

/** The bodies of the ordinary law, too many to name. */
function counted(cycle: SchoolCycle, ordinary: readonly Found[]): Found {
  const { legalBasis, many } = ORDINARY[cycle]
  const { communes, transferableTo, notes } = together(ordinary)
  const competence: Found['competence'] = {
    cycle,
    status: ordinary.some((one) => one.competence.status === 'UNKNOWN') ? 'UNKNOWN' : 'SHARED',
    name: `${ordinary.length} ${many}`,
    territory: null,
    transferableTo,
    communes,
    legalBasis,
    from: null,
    until: null,
    notes: [
      `Each for its own territory. More than ${MOST_NAMED} are not named here: ask for the competences of a smaller territory.`,
      ...notes,
    ],
  }
  return { competence, isOrdinary: true }
}

/** What several entries say together; an EPCI only where it is the same for all. */
function together(found: readonly Found[]): Pick<Competence, 'communes' | 'transferableTo' | 'notes'> {
  const [first = null, ...others] = new Set(found.map(({ competence }) => competence.transferableTo))
  return {
    communes: found.reduce((sum, { competence }) => sum + competence.communes, 0),
    transferableTo: others.length === 0 ? first : null,
    notes: [...new Set(found.flatMap(({ competence }) => competence.notes))],
  }
}

function requireYear(at: number, newest: number): void {
  if (Number.isInteger(at) && at >= FIRST_YEAR && at <= newest) return
  throw new StratesError({
    code: 'INVALID_YEAR',
    what: 'Who is competent is not known for this year',
    on: `at: ${at}`,
    expected: `a year from ${FIRST_YEAR}, when the régions took their shape of today, to ${newest}`,
    remedy: 'Leave at out for the year of the territory.',
    details: { argument: 'at', given: at },
  })
}
