/** A country of eight communes, and stores over slices and schools made up for a test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { consolidate, type Reach } from '../../core/observations/consolidate.ts'
import type { MeasureDefinition } from '../../core/observations/measure.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import type { DatasetRecord, SliceRecord } from '../../core/store/manifest.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { atlasOf } from '../../core/territories/atlas.ts'
import type { Tier } from '../../core/territories/code.ts'
import { groupingIncludes } from '../../core/territories/cog.ts'
import { geographyOf } from '../../core/territories/geography.ts'
import type { TerritoryKind } from '../../core/territories/groupings.ts'
import { indexTerritories, type Territories, type Territory } from '../../core/territories/territory.ts'
import type { Contributor } from '../../pipeline/consolidate.ts'
import { publish, type PublishableSlice } from '../../pipeline/publish.ts'
import { EQUAL_WEIGHTS, piecesIn, rowsOf } from '../core/territories/oneVintage.ts'
import type { SchoolRecord } from '../../pipeline/schools.ts'
import { timeline } from '../core/store/tinyStore.ts'

const ROWS = [
  ['NATION', 'FR', 'France', 'NATION', -1, -1, -1],
  ['REGION', '53', 'Bretagne', 'REGION', -1, -1, -1],
  ['REGION', '988', 'Nouvelle-Calédonie', 'COLLECTIVITE_OUTRE_MER', -1, -1, -1],
  ['DEPARTEMENT', '22', "Côtes-d'Armor", 'DEPARTEMENT', -1, -1, 1],
  ['DEPARTEMENT', '35', 'Ille-et-Vilaine', 'DEPARTEMENT', -1, -1, 1],
  ['DEPARTEMENT', '988', 'Nouvelle-Calédonie', 'COLLECTIVITE_OUTRE_MER', -1, -1, 2],
  ['EPCI', '243500139', 'Rennes Métropole', 'METROPOLE', -1, -1, -1],
  ['EPCI', '243500725', "CC Côte d'Émeraude", 'COMMUNAUTE_DE_COMMUNES', -1, -1, -1],
  ['COMMUNE', '22016', 'Île-de-Bréhat', 'COMMUNE', -1, 3, 1],
  ['COMMUNE', '22094', 'Lancieux', 'COMMUNE', 7, 3, 1],
  ['COMMUNE', '22209', 'Beaussais-sur-Mer', 'COMMUNE', 7, 3, 1],
  ['COMMUNE', '35047', 'Bruz', 'COMMUNE', 6, 4, 1],
  ['COMMUNE', '35093', 'Dinard', 'COMMUNE', 7, 4, 1],
  ['COMMUNE', '35236', 'Redon', 'COMMUNE', -1, 4, 1],
  ['COMMUNE', '35238', 'Rennes', 'COMMUNE', 6, 4, 1],
  ['COMMUNE', '98818', 'Nouméa', 'COMMUNE', -1, 5, 2],
  ['GROUPING', 'academie-14', 'Académie de Rennes', 'ACADEMIE', -1, -1, -1],
] as const satisfies readonly (readonly [Tier, string, string, TerritoryKind, number, number, number])[]

/** The territories of the country. */
export const territories: Territories = indexTerritories({
  vintage: 2026,
  all: ROWS.map(([tier, code, name, kind, epci, departement, region], index): Territory => ({
    index,
    id: `${tier.toLowerCase() as Lowercase<Tier>}:${code}`,
    tier,
    code,
    name,
    kind,
    epci,
    departement,
    region,
  })),
  aliases: [],
  includes: groupingIncludes,
})

/** The position of a territory by id. */
export const at = (id: string): number => territories.byId(id)?.index ?? -1

/** The ground of a commune by id. */
export const on = (id: string): readonly number[] => piecesIn(territories, id)

/** A school; an école of Rennes unless said otherwise. */
export const school = (uai: string, facts: Partial<SchoolRecord> = {}): SchoolRecord => ({
  uai,
  name: `École ${uai}`,
  kind: 'ECOLE',
  sector: 'PUBLIC',
  contract: 'SANS_OBJET',
  pieces: on('commune:35238'),
  departement: at('departement:35'),
  located: 'CODE',
  latitude: 48.11,
  longitude: -1.68,
  opened: '1990-09-01',
  source: { dataset: 'ecoles', situation: 2022, snapshot: 'abc' },
  ...facts,
})

/** What one school or commune brought: 10 pupils in Rennes unless said otherwise. */
export const contributor = (code: string, facts: Partial<Contributor> = {}): Contributor => ({
  contributor: `École ${code}`,
  uai: code,
  code,
  pieces: on('commune:35238'),
  departement: at('departement:35'),
  value: 10,
  state: 'REPORTED',
  ...facts,
})

/** A slice of the measure `pupils`, unless said otherwise, from what its contributors brought. */
export interface Draft {
  readonly contributors: readonly Contributor[]
  readonly extent: readonly string[]
  readonly covered: readonly string[]
  readonly facts?: Partial<SliceRecord>
}

const geography = geographyOf(atlasOf(territories), EQUAL_WEIGHTS)

function sliceOf({ contributors, extent, covered, facts }: Draft, position: number): PublishableSlice {
  const positions = (codes: readonly string[]) => new Set(codes.map((code) => at(`departement:${code}`)))
  const reach: Reach = { extent: positions(extent), covered: positions(covered) }
  const record: SliceRecord = {
    slice: position,
    owner: 'commune',
    measure: 'pupils',
    dataset: 'ecoles',
    period: 2000 + position,
    rank: 0,
    extent,
    covered,
    absentUnit: 'COMMUNE',
    vintage: 2026,
    rule: 'Sum over the écoles.',
    snapshots: ['abc'],
    reported: contributors.filter(({ state }) => state === 'REPORTED').length,
    total: null,
    breakdownBy: [],
    keys: [],
    ...facts,
  }
  return {
    record,
    cells: consolidate(contributors, reach, geography, record.absentUnit),
    contributors: () => contributors,
    parts: new Map(),
    describe: () => [],
  }
}

const dataset: DatasetRecord = {
  id: 'ecoles',
  title: 'Écoles',
  description: 'For tests.',
  owner: { id: 'commune', name: 'Communes', legalBasis: 'L212-4', producer: 'DEPP', publisher: 'MEN' },
  licence: { id: 'etalab-2.0', title: 'Licence Ouverte 2.0', url: 'https://example.org/' },
  attribution: 'MEN',
  sourceUrl: 'https://example.org/',
  updateFrequency: 'ANNUAL',
  publishedWithin: 20,
  firstPeriod: 2000,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  periods: [],
  snapshots: [],
  simulated: false,
}

const definition = (id: string, facts: Partial<MeasureDefinition> = {}) => ({
  id,
  title: `Title of ${id}`,
  titleFr: `Titre de ${id}`,
  description: 'For tests.',
  unit: 'pupils',
  unitFr: 'élèves',
  owner: 'commune' as const,
  competent: 'Communes',
  legalBasis: 'L212-4',
  additivity: { kind: 'COUNT' as const },
  communeMethod: 'CONSOLIDATED' as const,
  datasets: ['ecoles'],
  ...facts,
})

/** A store over these slices and schools, and how to remove it. */
export async function countryStore(
  drafts: readonly Draft[],
  schools: readonly SchoolRecord[] = [],
  measures = [definition('pupils', { kinds: ['ECOLE'] })],
): Promise<{ readonly store: Store; remove(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'strates-country-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await publish(connection, data, {
      atlas: atlasOf(territories),
      rows: rowsOf(territories),
      epcis: { vintages: [], grounds: [], changes: [] },
      timeline,
      slices: drafts.map(sliceOf),
      schools: schools.toSorted((left, right) => (left.uai < right.uai ? -1 : 1)),
      manifest: {
        geography: 2026,
        simulated: false,
        defaultSchoolYear: 2021,
        defaultPopulationYear: null,
        measures,
        datasets: [dataset, { ...dataset, id: 'directory' }],
        ownership: [],
        reconciliations: [],
      },
      retrieved: { ecoles: '2026-01-02T03:04:05.000Z', directory: '2026-01-02T03:04:05.000Z' },
      report: {},
    })
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
  return { store: await openStore(data, OWNERS), remove: () => rm(data, { recursive: true, force: true }) }
}

export { definition as measure }
