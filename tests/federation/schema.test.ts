import {
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { startFederation, type Federation } from './federation.ts'
import { fieldsOfSupergraph, type OwnedField } from './supergraph.ts'

/** Numbers that are no statistics: years, counts of a list, and the parts of which an observation is made. */
const NUMBERS_ALLOWED = [
  'CommuneChange.share',
  'CommuneChangeConnection.totalCount',
  'CommuneConnection.totalCount',
  'DepartementConnection.totalCount',
  'Epci.perimeterOf',
  'EpciChange.previous',
  'EpciChange.since',
  'EpciChangeConnection.totalCount',
  'EpciChangeConnection.unknownYears',
  'EpciConnection.totalCount',
  'EpciResolution.from',
  'EpciResolution.perimeterOf',
  'EpciResolution.to',
  'EpciShare.censusYear',
  'EpciShare.inhabitants',
  'EpciShare.share',
  'EpciState.year',
  'EpciPartConnection.totalCount',
  'MissingMemberConnection.totalCount',
  'NearbySchoolConnection.totalCount',
  'NearbySchoolEdge.distanceKm',
  'RegionConnection.totalCount',
  'Competence.communes',
  'Competence.from',
  'Competence.until',
  'Conversion.fromVintage',
  'Conversion.toVintage',
  'ConversionInput.censusYear',
  'ConversionInput.contribution',
  'ConversionInput.share',
  'ConversionInput.value',
  'Coverage.expected',
  'Coverage.missing',
  'Coverage.notLocated',
  'Coverage.notLocatedValue',
  'Coverage.reported',
  'Coverage.share',
  'Coverage.suppressed',
  'Dataset.periods',
  'DatasetParts.periods',
  'Measure.periods',
  'Observation.estimatedShare',
  'Observation.value',
  'OwnershipRule.firstPeriod',
  'OwnershipRule.lastPeriod',
  'OwnershipRule.rank',
  'Provenance.geographyVintage',
  'Peer.distance',
  'Quartiles.median',
  'Quartiles.q1',
  'Quartiles.q3',
  'RankingMember.rank',
  'RankingMemberConnection.totalCount',
  'RankedTerritory.rank',
  'RankedTerritory.ties',
  'RankingConnection.totalCount',
  'Reconciliation.gap',
  'Reconciliation.gapRatio',
  'Reconciliation.schoolYear',
  'ResolvedCommune.census',
  'ResolvedCommune.inhabitants',
  'ResolvedCommune.share',
  'School.situation',
  'SchoolConnection.totalCount',
  'SchoolEnrolment.schoolYear',
  'SchoolPosition.lat',
  'SchoolPosition.lon',
  'StatusCount.count',
  'TerritoryRank.of',
  'TerritoryRank.percentile',
  'TerritoryRank.position',
  'TerritoryRank.ties',
  'TerritoryRank.unranked',
  'UnrankedConnection.totalCount',
  'ValueChange.added',
  'ValueChange.period',
  'ValueChange.removed',
  'ValueChange.revised',
]

/** Lists whose edges tell more than where the entry stands. */
const NODE_OF_ENTRY: Readonly<Record<string, string>> = {
  NearbySchool: 'School',
  EpciPart: 'Epci',
  Ranking: 'RankedTerritory',
  Unranked: 'UnrankedTerritory',
}

let federation: Federation
let schema: GraphQLSchema
let fields: readonly OwnedField[]
beforeAll(async () => {
  federation = await startFederation()
  schema = federation.apiSchema
  fields = await fieldsOfSupergraph()
})
afterAll(() => federation?.close())

/** Each field of each object and interface type that clients see, as `Type.field`. */
const fieldsOf = (filter: (type: GraphQLOutputType) => boolean): readonly string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__')
      ? Object.values(type.getFields()).flatMap((field) => (filter(field.type) ? [`${type.name}.${field.name}`] : []))
      : [],
  )

describe('the numbers of the schema', () => {
  it('are observations, but for years, sizes of lists and what observations are made of', () => {
    const numbers = fieldsOf((type) => ['Int', 'Float'].includes(getNamedType(type).name))
    expect(numbers.toSorted()).toEqual(NUMBERS_ALLOWED.toSorted())
  })

  it('travel with their origin: every observation has a provenance, and that an owner and a licence', () => {
    expect(fieldsOf((type) => String(type) === 'Provenance!')).toContain('Observation.provenance')
    expect(fieldsOf((type) => String(type) === 'Owner!')).toContain('Provenance.owner')
    expect(fieldsOf((type) => String(type) === 'Licence!')).toContain('Provenance.licence')
  })
})

describe('what can be null', () => {
  it('are all root fields', () => {
    const roots = fields.filter(({ type }) => type === 'Query')
    expect(roots.length).toBeGreaterThan(8)
    expect(roots.filter(({ returns }) => isNonNullType(returns)).map(({ field }) => field)).toEqual([])
  })

  it('are all fields that another subgraph answers than one that can give their parent', () => {
    const elsewhere = fields.filter(({ type, owners, knownTo }) => type !== 'Query' && owners.length < knownTo.length)
    expect(elsewhere.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['primary', 'total', 'population', 'epci']),
    )
    const refused = elsewhere
      .filter(({ returns }) => isNonNullType(returns))
      .map(({ type, field }) => `${type}.${field}`)
    expect(refused).toEqual([])
  })

  it('are the edges and nodes of connections, the lists and their entries', () => {
    const connections = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'))
    expect(connections.length).toBeGreaterThan(3)
    for (const { name } of connections) {
      const entry = name.replace('Connection', '')
      // Their edges tell more, the distance or the part; what they lead to is a school or an EPCI as any other.
      const node = NODE_OF_ENTRY[entry] ?? entry
      const typeOf = (type: string, field: string) =>
        String(fields.find((known) => known.type === type && known.field === field)?.returns)
      expect(typeOf(name, 'edges')).toBe(`[${entry}Edge]`)
      expect(typeOf(name, 'nodes')).toBe(`[${node}]`)
      expect(typeOf(`${entry}Edge`, 'node')).toBe(node)
      expect(typeOf(`${entry}Edge`, 'cursor')).toBe('String!')
    }
  })

  it('are the entries of every list of entities that more than one subgraph makes up', () => {
    const entities = new Set(['Commune', 'Epci', 'Departement', 'Region', 'Nation', 'Grouping', 'Territory'])
    const lists = fields.filter(({ returns }) => holdsList(returns) && entities.has(getNamedType(returns).name))
    expect(lists.map(({ field }) => field)).toEqual(expect.arrayContaining(['territories', 'departements', 'nodes']))
    expect(
      lists.filter(({ returns }) => String(returns).includes('!')).map(({ type, field }) => `${type}.${field}`),
    ).toEqual([])
  })

  it('is of an observation the value, the coverage, and a list that its parts have instead', () => {
    const nullable = fields.filter(({ type, returns }) => type === 'Observation' && !isNonNullType(returns))
    expect(nullable.map(({ field }) => field)).toEqual(['value', 'coverage', 'missingMembers', 'conversions'])
  })
})

describe('the supergraph', () => {
  it('has the five owners and no other', () => {
    const graphs = fields.find(({ type, field }) => type === 'Commune' && field === 'id')?.owners
    expect(graphs).toEqual([...OWNERS].toSorted())
  })

  it('gives each cycle, the population and the total one owner each', () => {
    const ownersOf = (type: string, field: string) =>
      fields.find((known) => known.type === type && known.field === field)?.owners
    expect(ownersOf('SchoolEnrolment', 'primary')).toEqual(['commune'])
    expect(ownersOf('SchoolEnrolment', 'lowerSecondary')).toEqual(['departement'])
    expect(ownersOf('SchoolEnrolment', 'upperSecondary')).toEqual(['region'])
    expect(ownersOf('SchoolEnrolment', 'total')).toEqual(['national'])
    expect(ownersOf('Commune', 'epci')).toEqual(['epci'])
    for (const type of ['Commune', 'Epci', 'Departement', 'Region', 'Nation', 'Grouping']) {
      expect(ownersOf(type, 'population'), type).toEqual(['national'])
    }
  })

  it('shows clients nothing of the federation', () => {
    const names = Object.keys(schema.getTypeMap())
    expect(names.filter((name) => /^(join__|link__|_Entity|_Service|_Any)/.test(name))).toEqual([])
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).filter((name) => name.startsWith('_'))).toEqual([])
  })

  it('describes every type and field to the person who reads it', () => {
    const undescribed = Object.values(schema.getTypeMap()).flatMap((type) => {
      if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) return []
      const own = type.description ? [] : [type.name]
      const inner = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []
      return [...own, ...inner.filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`)]
    })
    expect(undescribed.filter((name) => name !== 'Query')).toEqual([])
  })
})

const holdsList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type)
