import { createReadStream, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { interpolate } from '../../core/territories/interpolate.ts'
import { chronicleOf, type Chronicle } from '../../core/territories/lineage.ts'
import { stands, type Census } from '../../core/territories/pieces.ts'
import { communesOf, type HistoricalCommune, type Vintage } from '../../core/territories/vintage.ts'
import { writeParquet } from '../../core/store/parquet.ts'
import { keepBytes } from './keep.ts'
import type { Source } from './source.ts'

/** The COG vintages embedded through npm, oldest first; each alias of `@etalab/decoupage-administratif` is one year. */
const PACKAGED_VINTAGES = [2019, 2021, 2022, 2023, 2024, 2025, 2026] as const

/**
 * The year between two packages. Its EPCI are those of version 0.8.0; the communes of that version are still those of 2019,
 * so that the chronicle gives the communes of the day.
 */
const INTERPOLATED = { year: 2020, before: 2019, after: 2021 } as const

/**
 * Vintages whose EPCI are the perimeters of another year: `epci.json` of version 6.0.0 is that of 5.3.0 to the byte.
 */
const EPCI_AS_OF: Readonly<Record<number, number>> = { 2026: 2025 }

/** When the newest of the embedded packages (6.0.0) was published: the date of the embedded data. */
export const EMBEDDED_RELEASE = '2026-04-09T04:39:18.970Z'

/** The package that holds the history of communes, 1943 to 2019-01-01. */
const HISTORY_VINTAGE = 2019

const require = createRequire(import.meta.url)

/** The vintages and the history, parsed, and the communes followed through both. */
export interface EmbeddedCog {
  readonly vintages: readonly Vintage[]
  readonly history: readonly HistoricalCommune[]
  readonly chronicle: Chronicle
}

/** Reads the embedded vintages and follows the communes through them; about two seconds. */
export function readEmbeddedCog(): EmbeddedCog {
  const packaged = PACKAGED_VINTAGES.map((year): Vintage => ({
    year,
    communes: readData(year, 'communes'),
    epci: readData(year, 'epci'),
    ...(EPCI_AS_OF[year] !== undefined && { epciAsOf: EPCI_AS_OF[year] }),
    departements: readData(year, 'departements'),
    regions: readData(year, 'regions'),
  }))
  const history: readonly HistoricalCommune[] = readData(HISTORY_VINTAGE, 'historique-communes')
  const chronicle = chronicleOf(history, packaged)
  const { year, before, after } = INTERPOLATED
  const between = interpolate(chronicle, {
    year,
    before: vintageOf(packaged, before),
    after: vintageOf(packaged, after),
    epci: readData(year, 'epci'),
  })
  return {
    vintages: [...packaged, between]
      .map((vintage) => withoutFiguresOfParts(vintage, chronicle))
      .toSorted((left, right) => left.year - right.year),
    history,
    chronicle,
  }
}

/**
 * The communes of the figures of a package, where they are not those of its vintage: census 2016 in version 0.7.0 is given on
 * the communes of 1 January 2018, under the codes of 2019.
 */
const COUNTED_ON: Readonly<Record<number, string>> = { 2019: '2018-01-01' }

/** A commune that took others in since has the figure of one of them under its code: better none than that. */
function withoutFiguresOfParts(vintage: Vintage, chronicle: Chronicle): Vintage {
  const counted = COUNTED_ON[vintage.year]
  if (counted === undefined) return vintage
  const [then, now] = [counted, `${vintage.year}-01-01`].map((day) => groundOn(chronicle, day))
  const communes = vintage.communes.map((entry) => {
    if (entry.type !== 'commune-actuelle' || then?.get(entry.code) === now?.get(entry.code)) return entry
    const { population: _figureOfPart, ...others } = entry
    return others
  })
  return { ...vintage, communes }
}

/** The lineages that stand in each commune on a day, in words that compare. */
function groundOn({ stays }: Chronicle, day: string): ReadonlyMap<string, string> {
  const standing = Map.groupBy(
    stays.filter((stay) => stands(stay, day)),
    ({ commune }) => commune,
  )
  return new Map([...standing].map(([commune, own]) => [commune, own.map(({ lineage }) => lineage).join()]))
}

function vintageOf(vintages: readonly Vintage[], year: number): Vintage {
  const vintage = vintages.find((candidate) => candidate.year === year)
  if (vintage === undefined) throw new RangeError(`the vintage ${year} is not embedded`)
  return vintage
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
export const populationRows = (vintages: readonly Vintage[]): readonly PopulationRow[] =>
  censusesOf(vintages).flatMap(({ year, vintage, population }) => {
    const edition = vintages.find((candidate) => candidate.year === vintage)
    const names = new Map(edition === undefined ? [] : communesOf(edition).map(({ code, nom }) => [code, nom]))
    return [...population].map(([commune, inhabitants]) => ({
      annee: `${year}`,
      millesime: `${vintage}`,
      commune,
      nom: names.get(commune) ?? '',
      population: `${inhabitants}`,
    }))
  })

/** The censuses that the vintages hold, oldest first; communes without a figure are not in theirs. */
export const censusesOf = (vintages: readonly Vintage[]): readonly Census[] =>
  CENSUS_YEARS.flatMap(({ year, vintage: edition, field }) => {
    const vintage = vintages.find((candidate) => candidate.year === edition)
    if (vintage === undefined) return []
    const ofMembers = new Map(
      field === 'epci'
        ? vintage.epci.flatMap(({ membres }) => membres.map((m) => [m.code, m.populationMunicipale]))
        : [],
    )
    const counted = communesOf(vintage).flatMap(({ code, population }) => {
      const figure = field === 'epci' ? ofMembers.get(code) : population
      return figure === undefined ? [] : [[code, figure] as const]
    })
    return [{ year, vintage: edition, population: new Map(counted) }]
  })

function readData<Rows>(year: number, name: string): Rows {
  return JSON.parse(readFileSync(require.resolve(`cog${year}/data/${name}.json`), 'utf8')) as Rows
}
