import { createReadStream, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { HistoricalCommune, Vintage } from '../../core/territories/vintage.ts'
import { writeParquet } from '../parquet.ts'
import { keepBytes } from './keep.ts'
import type { Source } from './source.ts'

/** The COG vintages embedded through npm, oldest first; each alias of `@etalab/decoupage-administratif` is one year. */
export const EMBEDDED_VINTAGES = [2019, 2021, 2022, 2023, 2024, 2025, 2026] as const

/** When the newest of the embedded packages (6.0.0) was published: the date of the embedded data. */
export const EMBEDDED_RELEASE = '2026-04-09T04:39:18.970Z'

/** The package that holds the history of communes, 1943 to 2019-01-01. */
const HISTORY_VINTAGE = 2019

const require = createRequire(import.meta.url)

/** The vintages and the history, parsed. */
export interface EmbeddedCog {
  readonly vintages: readonly Vintage[]
  readonly history: readonly HistoricalCommune[]
}

/** Reads the embedded vintages; about a second. */
export function readEmbeddedCog(): EmbeddedCog {
  return {
    vintages: EMBEDDED_VINTAGES.map((year) => ({
      year,
      communes: readData(year, 'communes'),
      epci: readData(year, 'epci'),
      departements: readData(year, 'departements'),
      regions: readData(year, 'regions'),
    })),
    history: readData(HISTORY_VINTAGE, 'historique-communes'),
  }
}

/**
 * Which field of which vintage holds which census year: a constant, because the packages do not say it (figures compared
 * with INSEE's population files). A year that several packages repeat is taken once; EPCI members hold the year before.
 */
const CENSUS_YEARS = [
  { year: 2016, vintage: 2019, field: 'communes' },
  { year: 2018, vintage: 2021, field: 'epci' },
  { year: 2019, vintage: 2021, field: 'communes' },
  { year: 2020, vintage: 2022, field: 'communes' },
  { year: 2021, vintage: 2024, field: 'epci' },
  { year: 2022, vintage: 2024, field: 'communes' },
  { year: 2023, vintage: 2026, field: 'communes' },
] as const

/** One commune's population municipale, as a row of the dataset `population-municipale`. */
export interface PopulationRow {
  readonly annee: string
  readonly millesime: string
  readonly commune: string
  readonly nom: string
  readonly population: string
}

/**
 * The embedded populations as a source: one Parquet file made from the packages, the same bytes each time. It gives the
 * dataset `population-municipale` and nothing else.
 */
export function createCogSource(connection: DuckDBConnection, vintages: readonly Vintage[]): Source {
  return {
    name: 'cog',
    async fetch({ datasetId }, { folder }) {
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.population-${process.pid}.parquet`)
      const columns = {
        annee: 'VARCHAR',
        millesime: 'VARCHAR',
        commune: 'VARCHAR',
        nom: 'VARCHAR',
        population: 'VARCHAR',
      } as const
      const rows = populationRows(vintages).map((row) => [
        row.annee,
        row.millesime,
        row.commune,
        row.nom,
        row.population,
      ])
      await writeParquet(connection, temporary, columns, rows)
      const kept = await keepBytes(createReadStream(temporary), folder, '.parquet')
      await rm(temporary)
      return [
        {
          datasetId,
          name: 'population-municipale.parquet',
          url: 'https://www.npmjs.com/package/@etalab/decoupage-administratif',
          ...kept,
          // The packages are part of the installation: what was retrieved, and when, is in package-lock.json.
          retrievedAt: EMBEDDED_RELEASE,
        },
      ]
    },
  }
}

/** Every population that the vintages hold, each census year once, as rows of text. */
export function populationRows(vintages: readonly Vintage[]): readonly PopulationRow[] {
  return CENSUS_YEARS.flatMap(({ year, vintage: edition, field }) => {
    const vintage = vintages.find((candidate) => candidate.year === edition)
    if (vintage === undefined) return []
    const communes = vintage.communes.filter(({ type }) => type === 'commune-actuelle')
    const ofMembers = new Map(
      field === 'epci'
        ? vintage.epci.flatMap(({ membres }) => membres.map((m) => [m.code, m.populationMunicipale]))
        : [],
    )
    return communes.flatMap(({ code, nom, population }) => {
      const figure = field === 'epci' ? ofMembers.get(code) : population
      if (figure === undefined) return []
      return [{ annee: `${year}`, millesime: `${edition}`, commune: code, nom, population: `${figure}` }]
    })
  })
}

function readData<Rows>(year: number, name: string): Rows {
  return JSON.parse(readFileSync(require.resolve(`cog${year}/data/${name}.json`), 'utf8')) as Rows
}
