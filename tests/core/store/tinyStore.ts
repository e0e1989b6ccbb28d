/** A hand-made store of six communes, published for real into a folder. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { Cell } from '../../../core/observations/consolidate.ts'
import type { DatasetRecord, MeasureRecord, SliceRecord } from '../../../core/store/manifest.ts'
import { atlasOf } from '../../../core/territories/atlas.ts'
import { groupingIncludes } from '../../../core/territories/cog.ts'
import type { Tier } from '../../../core/territories/code.ts'
import type { EpciRecords } from '../../../core/territories/epciHistory.ts'
import type { TerritoryKind } from '../../../core/territories/groupings.ts'
import { FIRST_DAY, type Chronicle } from '../../../core/territories/lineage.ts'
import { columnsOf } from '../../../core/territories/stayIndex.ts'
import { indexTerritories, type Alias, type Territories, type Territory } from '../../../core/territories/territory.ts'
import { publish, type PublishableSlice, type Version } from '../../../pipeline/publish.ts'
import { rowsOf } from '../territories/oneVintage.ts'

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
  ['COMMUNE', '22209', 'Beaussais-sur-Mer', 'COMMUNE', 7, 3, 1],
  ['COMMUNE', '35047', 'Bruz', 'COMMUNE', 6, 4, 1],
  ['COMMUNE', '35093', 'Dinard', 'COMMUNE', 7, 4, 1],
  ['COMMUNE', '35238', 'Rennes', 'COMMUNE', 6, 4, 1],
  ['COMMUNE', '98818', 'Nouméa', 'COMMUNE', -1, 5, 2],
] as const satisfies readonly (readonly [Tier, string, string, TerritoryKind, number, number, number])[]

const ALIASES: readonly Alias[] = [
  { tier: 'COMMUNE', code: '22122', name: 'Ploubalay', kind: 'COMMUNE_DELEGUEE', leadsTo: '22209' },
]

/** Ploubalay, counted with Beaussais-sur-Mer since, stood in no EPCI the year before. */
const EPCIS: EpciRecords = {
  vintages: [2025, 2026].map((year) => ({
    year,
    perimeterOf: year,
    epcis: [
      { siren: '243500139', name: 'Rennes Métropole', kind: 'METROPOLE' },
      { siren: '243500725', name: "CC Côte d'Émeraude", kind: 'COMMUNAUTE_DE_COMMUNES' },
    ],
  })),
  grounds: [
    { epcis: [null, '243500725'], populations: [{ inhabitants: 3500, year: 2022 }] },
    { epcis: ['243500139', '243500139'], populations: [] },
    {
      epcis: ['243500725', '243500725'],
      populations: [
        { inhabitants: 10_000, year: 2023 },
        { inhabitants: 9900, year: 2022 },
      ],
    },
  ],
  changes: [
    {
      since: 2026,
      kind: 'JOINED',
      siren: '243500725',
      before: null,
      after: '243500725',
      commune: { before: { code: '22122', name: 'Ploubalay' }, after: { code: '22209', name: 'Beaussais-sur-Mer' } },
      touches: ['22209'],
    },
    {
      since: 2026,
      kind: 'RENAMED',
      siren: '243500139',
      before: '243500139',
      after: '243500139',
      commune: null,
      touches: ['35047', '35238'],
    },
  ],
}

/** The communes stand as they are since 1943. */
const CHRONICLE: Chronicle = {
  stays: ROWS.filter(([tier]) => tier === 'COMMUNE').map(([, code, name], lineage) => ({
    lineage,
    code,
    name,
    standing: 'COMMUNE',
    from: FIRST_DAY,
    until: null,
    commune: code,
  })),
  communes: ROWS.filter(([tier]) => tier === 'COMMUNE').map(([, code, name]) => ({
    code,
    name,
    from: FIRST_DAY,
    until: null,
  })),
  arrondissements: [],
}

/** The territories of the tiny store. */
export const territories: Territories = indexTerritories({
  vintage: 2026,
  all: ROWS.map(([tier, code, name, kind, epci, departement, region], index): Territory => {
    return {
      index,
      id: `${tier.toLowerCase() as Lowercase<Tier>}:${code}`,
      tier,
      code,
      name,
      kind,
      epci,
      departement,
      region,
    }
  }),
  aliases: ALIASES,
  includes: groupingIncludes,
})

/** The timeline of the tiny store: nothing ever happened. */
export const timeline = columnsOf(CHRONICLE, { years: [2026], all: [], ofLineage: new Int32Array() })

/** A cell by the identifier of its territory; everyone reported unless said otherwise. */
export function cell(id: string, value: number | null, facts: Partial<Cell> = {}): Cell {
  const territory = territories.byId(id)
  if (territory === undefined) throw new RangeError(`the tiny store has no ${id}`)
  return {
    territory: territory.index,
    value,
    status: 'NORMAL',
    expected: 1,
    reported: 1,
    suppressed: 0,
    share: 1,
    notLocated: 0,
    notLocatedValue: 0,
    absentDepartements: [],
    outsideDepartements: [],
    outOfScope: 0,
    estimated: 0,
    sharedOut: [],
    ...facts,
  }
}

/** A measure of the tiny store. */
export function measure(id: string, facts: Partial<MeasureRecord> = {}): MeasureRecord {
  return {
    id,
    title: `Title of ${id}`,
    titleFr: `Titre de ${id}`,
    description: 'For tests.',
    unit: 'pupils',
    unitFr: 'élèves',
    owner: 'commune',
    competent: 'Communes',
    legalBasis: 'L212-4',
    additivity: { kind: 'COUNT' },
    communeMethod: 'CONSOLIDATED',
    datasets: ['ecoles'],
    ...facts,
  }
}

/** A dataset of the tiny store. */
export function dataset(id: string, facts: Partial<DatasetRecord> = {}): DatasetRecord {
  return {
    id,
    title: `Title of ${id}`,
    description: 'For tests.',
    owner: { id: 'commune', name: 'Communes', legalBasis: 'L212-4', producer: 'DEPP', publisher: 'MEN' },
    licence: {
      id: 'etalab-2.0',
      title: 'Licence Ouverte 2.0',
      url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    },
    attribution: 'MEN',
    sourceUrl: 'https://data.education.gouv.fr/',
    updateFrequency: 'ANNUAL',
    publishedWithin: null,
    firstPeriod: 2019,
    whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
    periods: [2021],
    snapshots: [{ name: 'a.csv', url: 'https://example.fr/a.csv', sha256: 'abc', bytes: 3 }],
    simulated: false,
    ...facts,
  }
}

/** A slice with its cells; `notes` are said of every cell. */
export function slice(
  position: number,
  cells: readonly Cell[],
  facts: Partial<SliceRecord> = {},
  describe: (cell: Cell) => readonly string[] = () => [],
  parts: PublishableSlice['parts'] = new Map(),
): PublishableSlice {
  const record: SliceRecord = {
    slice: position,
    owner: 'commune',
    measure: 'pupils-primary',
    dataset: 'ecoles',
    period: 2021,
    rank: 0,
    extent: ['22', '35'],
    covered: ['35'],
    absentUnit: 'COMMUNE',
    vintage: 2026,
    rule: 'Sum over the écoles.',
    snapshots: ['abc'],
    reported: 0,
    total: null,
    breakdownBy: [],
    keys: [],
    ...facts,
  }
  return { record, cells: cells.toSorted((left, right) => left.territory - right.territory), parts, describe }
}

/** A whole version: the slices given, with the measures and datasets that they need. */
export function version(
  slices: readonly PublishableSlice[],
  manifest: Partial<Version['manifest']> = {},
  facts: Partial<Pick<Version, 'retrieved' | 'report'>> = {},
): Version {
  return {
    atlas: atlasOf(territories),
    rows: rowsOf(territories, ALIASES),
    epcis: EPCIS,
    timeline,
    slices,
    manifest: {
      geography: 2026,
      simulated: false,
      defaultSchoolYear: 2021,
      defaultPopulationYear: null,
      measures: [measure('pupils-primary')],
      ownership: [],
      datasets: [dataset('ecoles')],
      reconciliations: [],
      ...manifest,
    },
    retrieved: Object.fromEntries(
      (manifest.datasets ?? [dataset('ecoles')]).map(({ id }) => [id, '2026-01-02T03:04:05.000Z']),
    ),
    report: { checks: [] },
    ...facts,
  }
}

/** Publishes into `data`, and gives the data version. */
export async function publishTiny(data: string, content: Version): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return await publish(connection, data, content)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
