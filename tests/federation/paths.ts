/** Every way into a type and every field that one subgraph alone answers: what an outage must not take along. */
import type { OwnerName } from '../../core/observations/owner.ts'

/** A way to an object, and the subgraphs that it passes. */
export interface Route {
  readonly through: readonly OwnerName[]
  /** A query around a selection of the object's fields. */
  query(selection: string): string
  /** Where the object stands in the answer. */
  readonly path: readonly (string | number)[]
}

/** A field that one subgraph alone answers. */
export interface Probe {
  readonly owner: OwnerName
  readonly type: string
  readonly field: string
  /** How to ask for it. */
  readonly selection: string
}

const route = (through: readonly OwnerName[], outer: readonly string[], path: readonly (string | number)[]): Route => ({
  through,
  path,
  query: (selection) =>
    `{ ${outer.join(' { ')} { id ${selection} } ${outer
      .slice(1)
      .map(() => '}')
      .join(' ')} }`,
})

const byId = (id: string, type: string): Route => ({
  through: ['national'],
  path: ['territory'],
  query: (selection) => `{ territory(id: "${id}") { id ... on ${type} { ${selection} } } }`,
})

const RENNES = 'commune(code: "35238")'
const METROPOLE = 'epci(siren: "243500139")'
const FIRST = 'nodes'
const PAGE = '(first: 1)'

const COMMUNE = [
  route(['commune'], [RENNES], ['commune']),
  byId('commune:35238', 'Commune'),
  route(['departement'], ['departement(code: "35")', `communes${PAGE}`, FIRST], ['departement', 'communes', FIRST, 0]),
  route(['region'], ['region(code: "53")', `communes${PAGE}`, FIRST], ['region', 'communes', FIRST, 0]),
  route(['epci'], [METROPOLE, `members${PAGE}`, FIRST], ['epci', 'members', FIRST, 0]),
]

/** The ways into each type. The groupings have none but through the national subgraph. */
export const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  Commune: COMMUNE,
  Epci: [
    route(['epci'], [METROPOLE], ['epci']),
    byId('epci:243500139', 'Epci'),
    route(['commune', 'epci'], [RENNES, 'epci'], ['commune', 'epci']),
    route(
      ['departement', 'epci'],
      ['departement(code: "35")', `epcis${PAGE}`, FIRST],
      ['departement', 'epcis', FIRST, 0],
    ),
  ],
  Departement: [
    route(['departement'], ['departement(code: "35")'], ['departement']),
    byId('departement:35', 'Departement'),
    route(['commune'], [RENNES, 'departement'], ['commune', 'departement']),
    route(['epci'], [METROPOLE, 'departements'], ['epci', 'departements', 0]),
    route(['region'], ['region(code: "53")', `departements${PAGE}`, FIRST], ['region', 'departements', FIRST, 0]),
  ],
  Region: [
    route(['region'], ['region(code: "53")'], ['region']),
    byId('region:53', 'Region'),
    route(['commune'], [RENNES, 'region'], ['commune', 'region']),
    route(['departement'], ['departement(code: "35")', 'region'], ['departement', 'region']),
    route(['epci'], [METROPOLE, 'regions'], ['epci', 'regions', 0]),
  ],
  Nation: [
    route(['national'], ['nation'], ['nation']),
    byId('nation:FR', 'Nation'),
    route(['commune'], [RENNES, 'nation'], ['commune', 'nation']),
    route(['epci'], [METROPOLE, 'nation'], ['epci', 'nation']),
    route(['departement'], ['departement(code: "35")', 'nation'], ['departement', 'nation']),
    route(['region'], ['region(code: "53")', 'nation'], ['region', 'nation']),
  ],
  Grouping: [byId('grouping:academie-14', 'Grouping')],
  SchoolEnrolment: COMMUNE.map(({ through, path, query }) => ({
    through,
    path: [...path, 'schoolEnrolment'],
    query: (selection) => query(`schoolEnrolment(schoolYear: 2021) { id ${selection} }`),
  })),
  Query: [{ through: [], path: [], query: (selection) => `{ ${selection} }` }],
}

const OBSERVATION = '{ value status }'
const BY_SECTOR = '(by: [SECTOR]) { dimensions { code } observation { value status } }'

function probes(owner: OwnerName, type: string, fields: Readonly<Record<string, string>>): readonly Probe[] {
  return Object.entries(fields).map(([field, arguments_]) => ({
    owner,
    type,
    field,
    selection: `${field}${arguments_}`,
  }))
}

const ofNational = (type: string): readonly Probe[] =>
  probes('national', type, {
    population: OBSERVATION,
    populationSeries: OBSERVATION,
    schools: '(first: 2) { totalCount nodes { uai name } }',
    observations: '(measures: ["population-municipale"]) { id observation { value } }',
    competences: ' { cycle status notes }',
    rank: '(measure: "population-municipale") { of status within { id } observation { value } cell { id } }',
    peers: '(first: 2) { rule observation { value } nodes { distance territory { id name } } }',
  })

/** Every field with a single owner, but `total`, which outlives its owners, and `resolvedFrom`, which may rightly be null. */
export const PROBES: readonly Probe[] = [
  ...probes('commune', 'Query', {
    commune: '(code: "35238") { id name }',
    resolve: '(code: "75059") { name results { code commune { name } } }',
    changes: '(from: 2023, to: 2024, first: 2) { totalCount nodes { date kind } }',
  }),
  ...probes('epci', 'Query', {
    epci: '(siren: "243500139") { id name }',
    resolveEpci: '(siren: "200035459") { name results { name share epci { id } } }',
    epciChanges: '(from: 2024, first: 2) { totalCount unknownYears nodes { kind since name } }',
  }),
  ...probes('departement', 'Query', { departement: '(code: "35") { id name }' }),
  ...probes('region', 'Query', { region: '(code: "53") { id name }' }),
  ...probes('national', 'Query', {
    nation: ' { id name }',
    territory: '(id: "commune:35238") { id name }',
    territories: '(ids: ["commune:35238", "region:53"]) { id name }',
    measures: ' { id datasets { id } }',
    datasets: ' { id licence { id } }',
    dataset: '(id: "fr-en-annuaire-education") { id }',
    reconciliations: ' { verdict }',
    ownership: ' { rank measure { id } }',
    school: '(uai: "0359901A") { uai name }',
    ranking:
      '(measure: "pupils-primary", tier: REGION) { totalCount nodes { rank observation { value } territory { id name } } }',
    search: '(text: "rennes", first: 2) { label matched kind }',
    schoolsNear: '(lat: 48.1, lon: -1.7, radiusKm: 1, first: 2) { totalCount nodes { uai name } }',
  }),
  ...probes('commune', 'Commune', { departement: ' { id name }', region: ' { id name }', aliases: ' { code }' }),
  ...probes('epci', 'Commune', { epci: ' { id name }' }),
  ...probes('epci', 'Epci', {
    siren: '',
    perimeterOf: '',
    changes: ' { kind since name }',
    members: '(first: 2) { totalCount nodes { id name } }',
    departements: ' { id name }',
    regions: ' { id name }',
    byDepartement: ' { departement { id } part { id name } }',
    byRegion: ' { region { id } part { id name } }',
  }),
  ...['Departement', 'Region'].flatMap((type) =>
    probes('epci', type, {
      epcis: '(first: 2) { totalCount nodes { id name } edges { part { id name } } }',
      communesWithoutEpci: '(first: 2) { totalCount nodes { id name } }',
    }),
  ),
  ...probes('departement', 'Departement', {
    region: ' { id name }',
    communes: '(first: 2) { totalCount nodes { id name } }',
  }),
  ...probes('region', 'Region', {
    departements: '(first: 2) { totalCount nodes { id name } }',
    communes: '(first: 2) { totalCount nodes { id name } }',
  }),
  ...probes('commune', 'Nation', { communes: '(first: 2) { totalCount nodes { id name } }' }),
  ...probes('departement', 'Nation', { departements: '(first: 2) { totalCount nodes { id name } }' }),
  ...probes('region', 'Nation', { regions: '(first: 2) { totalCount nodes { id name } }' }),
  ...probes('epci', 'Nation', { epcis: '(first: 2) { totalCount nodes { id name } }' }),
  ...['Commune', 'Epci', 'Departement', 'Region', 'Nation', 'Grouping'].flatMap(ofNational),
  ...probes('commune', 'SchoolEnrolment', { primary: OBSERVATION, primaryBreakdown: BY_SECTOR }),
  ...probes('departement', 'SchoolEnrolment', { lowerSecondary: OBSERVATION, lowerSecondaryBreakdown: BY_SECTOR }),
  ...probes('region', 'SchoolEnrolment', { upperSecondary: OBSERVATION, upperSecondaryBreakdown: BY_SECTOR }),
  ...probes('national', 'SchoolEnrolment', { reconciliations: ' { verdict }' }),
]

/** What every subgraph can say of a territory that it can name. */
export const SHARED_FIELDS =
  'tier code name kind schoolEnrolment(schoolYear: 2021) { id schoolYear } schoolEnrolmentSeries { id }'
