import type { EpciChange, EpciGround, EpciRecords, EpciVintage } from '../territories/epciHistory.ts'
import type { TerritoryKind } from '../territories/groupings.ts'

/** A row of a Parquet file, by column. */
type Row = Readonly<Record<string, unknown>>

/** Makes the records of the EPCI again out of the rows of their three files, in the files' order. */
export const epciRecordsFrom = (files: {
  readonly vintages: readonly Row[]
  readonly grounds: readonly Row[]
  readonly changes: readonly Row[]
}): EpciRecords => ({
  vintages: [...Map.groupBy(files.vintages, (row) => row['vintage'])].map(([year, rows]): EpciVintage => ({
    year: Number(year),
    perimeterOf: Number(rows[0]?.['perimeter_of']),
    epcis: rows.map((row) => ({
      siren: row['siren'] as string,
      name: row['name'] as string,
      kind: row['kind'] as TerritoryKind,
    })),
  })),
  grounds: files.grounds.map((row): EpciGround => ({
    epcis: valuesOf(row, 'epci_').map(([, siren]) => siren as string | null),
    populations: valuesOf(row, 'inhabitants_')
      .flatMap(([year, inhabitants]) => (inhabitants === null ? [] : [{ year, inhabitants: Number(inhabitants) }]))
      .toReversed(),
  })),
  changes: files.changes.map((row): EpciChange => ({
    since: Number(row['since']),
    kind: row['kind'] as EpciChange['kind'],
    siren: row['siren'] as string,
    before: row['epci_before'] as string | null,
    after: row['epci_after'] as string | null,
    commune:
      row['commune_before'] === null ? null : { before: communeOf(row, 'before'), after: communeOf(row, 'after') },
    touches: (row['touches'] as string).split(' '),
  })),
})

/** The values of the columns `<prefix><year>`, by year ascending. */
const valuesOf = (row: Row, prefix: string): readonly (readonly [number, unknown])[] =>
  Object.entries(row)
    .flatMap(([name, value]) => (name.startsWith(prefix) ? [[Number(name.slice(prefix.length)), value] as const] : []))
    .toSorted(([left], [right]) => left - right)

const communeOf = (row: Row, when: 'before' | 'after') => ({
  code: row[`commune_${when}`] as string,
  name: row[`commune_${when}_name`] as string,
})
