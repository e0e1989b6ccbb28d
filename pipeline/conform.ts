import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnContract, ColumnType, DatasetDescriptor, MappedColumns } from '../core/observations/dataset.ts'
import { DIMENSION_NAMES, isOfPupils, type Dimension, type DimensionKey } from '../core/observations/dimension.ts'
import { StratesError } from '../core/observations/error.ts'
import { isDerived } from '../core/observations/measure.ts'
import type { SchoolContract, SchoolKind } from '../core/observations/school.ts'
import { normaliseHeader, type TableRead } from './read.ts'

/** A row after the contract was checked and the mapping ran; measures by id, null where the file has no figure. */
export interface MappedRow extends Partial<SchoolFacts> {
  readonly period: number | null
  readonly contributor: string
  readonly contributorName: string | null
  readonly kind: SchoolKind | null
  readonly uai: string | null
  readonly communeCode: string | null
  readonly communeVintage: number | null
  readonly communeLabel: string | null
  readonly departementLabel: string | null
  readonly inScope: boolean | null
  readonly opened: string | null
  readonly updated: string | null
  readonly values: Readonly<Record<string, number | null>>
  /** The contributor's value on each dimension of contributors: `{ SECTOR: 'PUBLIC' }`. */
  readonly attributes: DimensionKey
  /** Its pupils by value of each dimension of pupils: `{ LEVEL: { CP: 12 } }`; null where the file has no figure. */
  readonly parts: Readonly<Partial<Record<Dimension, Readonly<Record<string, number | null>>>>>
}

/** What only a directory tells of a school, beside its name, kind and place; null where it does not say. */
export interface SchoolFacts {
  readonly contract: SchoolContract | null
  readonly latitude: number | null
  readonly longitude: number | null
}

/** What conforming a file gave. */
export interface Conformed {
  readonly rows: readonly MappedRow[]
  /** Headers that no column of the contract takes; normal for wide files. */
  readonly unused: readonly string[]
  /** Rows dropped because an earlier one has the same key and the contract says so. */
  readonly repeated: number
}

interface TypeRule {
  /** SQL that cleans the text before it is judged. */
  readonly tidy: (column: string) => string
  readonly pattern: string
  readonly cast: (tidied: string) => string
  readonly says: string
}

// Figures in the wild have blanks (plain, no-break, narrow no-break) between thousands.
const withoutBlanks = (column: string) => `regexp_replace(trim(${column}), '[ \u00a0\u202f]', '', 'g')`
const trimmed = (column: string) => `trim(${column})`

const TYPES: Readonly<Record<ColumnType, TypeRule>> = {
  text: { tidy: trimmed, pattern: '[\\s\\S]*', cast: (text) => text, says: 'text' },
  count: {
    tidy: withoutBlanks,
    pattern: '\\d{1,9}([.,]0{1,2})?',
    cast: (text) => `CAST(regexp_replace(${text}, '[.,]0+$', '') AS BIGINT)`,
    says: 'a whole number ≥ 0',
  },
  decimal: {
    tidy: withoutBlanks,
    pattern: '-?\\d+([.,]\\d+)?',
    cast: (text) => `CAST(replace(${text}, ',', '.') AS DOUBLE)`,
    says: 'a number, with a point or a comma',
  },
  year: {
    tidy: trimmed,
    pattern: '(19|20)\\d{2}([-/ T].*)?',
    cast: (text) => `CAST(left(${text}, 4) AS INTEGER)`,
    says: 'a year, such as 2022, 2022-2023 or a date',
  },
  uai: {
    tidy: (column) => `upper(trim(${column}))`,
    pattern: '\\d{7}[A-Z]',
    cast: (text) => text,
    says: 'a UAI: seven digits and a letter',
  },
  commune: {
    tidy: (column) => `upper(trim(${column}))`,
    pattern: '(\\d{2}|2[AB])\\d{3}',
    cast: (text) => text,
    says: 'an INSEE commune code of five characters, leading zero included',
  },
  date: {
    tidy: trimmed,
    pattern: '(\\d{4}-\\d{2}-\\d{2}([ T].*)?|\\d{2}/\\d{2}/\\d{4})',
    cast: (text) =>
      `CASE WHEN ${text} LIKE '__/%' THEN right(${text}, 4) || '-' || substr(${text}, 4, 2) || '-' || left(${text}, 2) ELSE left(${text}, 10) END`,
    says: 'a date, such as 2022-09-01 or 01/09/2022',
  },
}

/** One row in a thousand may break an invariant before the dataset stops; each is in the report. */
const INVARIANT_TOLERANCE = 0.001

const FACTS: readonly (keyof MappedColumns)[] = [
  'period',
  'contributor',
  'contributor_name',
  'kind',
  'uai',
  'commune_code',
  'commune_vintage',
  'commune_label',
  'departement_label',
  'in_scope',
  'opened',
  'updated',
  'contract',
  'latitude',
  'longitude',
]

/**
 * Holds a table of text against the contract of its dataset, then runs the mapping: which header is which column, which
 * cells are empty or no such thing, which invariants hold, which rows repeat. The first breach stops with the lines.
 * @throws StratesError CONTRACT_BROKEN, naming dataset, file, column and line.
 */
export async function conform(
  connection: DuckDBConnection,
  table: string,
  read: Pick<TableRead, 'columns' | 'names'>,
  descriptor: DatasetDescriptor,
  fileName: string,
  warn: (sentence: string) => void = () => {},
): Promise<Conformed> {
  const where = `dataset ${descriptor.id}, file ${fileName}`
  const matched = matchColumns(read, descriptor, where)
  await checkCells(connection, table, matched, where)
  await castInto(connection, table, matched, descriptor)
  await checkInvariants(connection, descriptor, where, warn)
  const repeated = await settleRepeats(connection, descriptor, where)
  const rows = await mapRows(connection, descriptor, where)
  await connection.run('DROP TABLE checked')
  const used = new Set(matched.map(({ header }) => header))
  return { rows, unused: read.columns.filter((column) => !used.has(column)), repeated }
}

interface MatchedColumn {
  readonly name: string
  readonly contract: ColumnContract
  /** The column of the table, and the header as the file writes it; undefined for an absent optional column. */
  readonly column: string | undefined
  readonly header: string | undefined
}

function matchColumns(
  read: Pick<TableRead, 'columns' | 'names'>,
  descriptor: DatasetDescriptor,
  where: string,
): readonly MatchedColumn[] {
  const positions = new Map(read.names.map((name, position) => [name, position]))
  const matched = Object.entries(descriptor.columns).map(([name, contract]): MatchedColumn => {
    const position = contract.names
      .map((header) => positions.get(normaliseHeader(header)))
      .find((found) => found !== undefined)
    return {
      name,
      contract,
      column: position === undefined ? undefined : read.names[position],
      header: position === undefined ? undefined : read.columns[position],
    }
  })
  const missing = matched.filter(({ column, contract }) => column === undefined && contract.required !== false)
  if (missing.length === 0) return matched
  const used = new Set(matched.map(({ header }) => header))
  const unused = read.columns.filter((column) => !used.has(column))
  throw new StratesError({
    code: 'CONTRACT_BROKEN',
    what: `${missing.length === 1 ? 'A column is' : `${missing.length} columns are`} missing: ${missing.map(({ contract }) => `"${contract.names[0]}"`).join(', ')}`,
    on: where,
    expected: missing.map(({ contract }) => contract.names.map((header) => `"${header}"`).join(' or ')).join('; '),
    remedy: `Was a column renamed? The file has these that nothing uses: ${shorten(unused)}. If so, add the new name to "names" in the descriptor.`,
    details: { missing: missing.map(({ name }) => name) },
  })
}

async function checkCells(
  connection: DuckDBConnection,
  table: string,
  columns: readonly MatchedColumn[],
  where: string,
): Promise<void> {
  const present = columns.filter((column) => column.column !== undefined)
  const counts = await one(
    connection,
    `SELECT ${present
      .flatMap(({ column, contract }, position) => {
        const { tidy, pattern } = TYPES[contract.type]
        const text = `nullif(${tidy(`"${column}"`)}, '')`
        return [
          `count(*) FILTER (WHERE ${text} IS NULL) AS empty_${position}`,
          `count(*) FILTER (WHERE NOT regexp_full_match(${text}, '${pattern}')) AS wrong_${position}`,
        ]
      })
      .join(', ')} FROM "${table}"`,
  )
  for (const [position, { column, header, contract }] of present.entries()) {
    const { tidy, pattern, says } = TYPES[contract.type]
    const text = `nullif(${tidy(`"${column}"`)}, '')`
    const mayBeEmpty = contract.nullable ?? contract.required === false
    if (Number(counts[`empty_${position}`]) > 0 && !mayBeEmpty) {
      const lines = await linesWhere(connection, table, `${text} IS NULL`)
      throw broken(
        where,
        `${counts[`empty_${position}`]} cells of the column "${header}" are empty`,
        lines,
        `${says} on every row`,
      )
    }
    if (Number(counts[`wrong_${position}`]) > 0) {
      const lines = await linesWhere(connection, table, `NOT regexp_full_match(${text}, '${pattern}')`, `"${column}"`)
      throw broken(
        where,
        `${counts[`wrong_${position}`]} cells of the column "${header}" hold something else`,
        lines,
        says,
      )
    }
  }
}

async function castInto(
  connection: DuckDBConnection,
  table: string,
  columns: readonly MatchedColumn[],
  { unique }: DatasetDescriptor,
): Promise<void> {
  const projections = columns.map(({ name, column, contract }) => {
    const { tidy, cast } = TYPES[contract.type]
    const text = column === undefined ? 'CAST(NULL AS VARCHAR)' : `nullif(${tidy(`"${column}"`)}, '')`
    return `${cast(text)} AS "${name}"`
  })
  const key = unique.columns.map((column) => `"${column}"`).join(', ')
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE checked AS SELECT _line, ${projections.join(', ')} FROM "${table}"`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE checked AS
     SELECT *, row_number() OVER (PARTITION BY ${key} ORDER BY _line) AS _copy FROM checked ORDER BY _line`,
  )
}

async function checkInvariants(
  connection: DuckDBConnection,
  { invariants }: DatasetDescriptor,
  where: string,
  warn: (sentence: string) => void,
): Promise<void> {
  const { total } = await one(connection, 'SELECT count(*) AS total FROM checked')
  for (const { holds, says } of invariants) {
    const { broken: rows } = await one(connection, `SELECT count(*) AS broken FROM checked WHERE NOT (${holds})`)
    if (Number(rows) === 0) continue
    const lines = await linesWhere(connection, 'checked', `NOT (${holds})`)
    if (Number(rows) > Number(total) * INVARIANT_TOLERANCE) {
      throw broken(where, `${rows} of ${total} rows break a rule`, lines, says)
    }
    warn(`${where}: ${rows} of ${total} rows break the rule "${says}" (${lines})`)
  }
}

async function settleRepeats(
  connection: DuckDBConnection,
  { unique }: DatasetDescriptor,
  where: string,
): Promise<number> {
  const { repeated } = await one(connection, 'SELECT count(*) AS repeated FROM checked WHERE _copy > 1')
  if (Number(repeated) === 0) return 0
  if (unique.onRepeat === 'REFUSE') {
    const lines = await linesWhere(
      connection,
      'checked',
      '_copy > 1',
      `concat_ws(' ', ${unique.columns.map((column) => `"${column}"`).join(', ')})`,
    )
    throw broken(where, `${repeated} rows repeat a key`, lines, `one row for each ${unique.columns.join(' and ')}`)
  }
  await connection.run('DELETE FROM checked WHERE _copy > 1')
  return Number(repeated)
}

async function mapRows(
  connection: DuckDBConnection,
  descriptor: DatasetDescriptor,
  where: string,
): Promise<readonly MappedRow[]> {
  const reader = await connection.runAndReadAll(descriptor.mapping).catch((cause: unknown) => {
    throw new StratesError({
      code: 'DESCRIPTOR_INVALID',
      what: 'The mapping is no valid SQL over the checked columns',
      on: where,
      expected: `SELECT … FROM checked, over ${Object.keys(descriptor.columns).join(', ')}`,
      remedy: cause instanceof Error ? cause.message : 'Mend the mapping in the descriptor.',
      cause,
    })
  })
  const names = reader.columnNames()
  const measures = descriptor.measures
    .filter(({ defines }) => defines === undefined || !isDerived(defines))
    .map(({ measure }) => measure)
  const absent = ['contributor', ...measures].filter((name) => !names.includes(name))
  if (absent.length > 0) {
    throw new StratesError({
      code: 'DESCRIPTOR_INVALID',
      what: `The mapping gives no column ${absent.join(', ')}`,
      on: where,
      expected: `a column "contributor" and one for each measure: ${measures.join(', ')}`,
      remedy: `Add it to the mapping; it may also give ${FACTS.join(', ')}.`,
    })
  }
  const attributes = DIMENSION_NAMES.filter((dimension) => !isOfPupils(dimension) && names.includes(dimension))
  const parts = DIMENSION_NAMES.filter(isOfPupils).flatMap((dimension) => {
    const values = names
      .filter((name) => name.startsWith(`${dimension}=`))
      .map((name) => name.slice(dimension.length + 1))
    return values.length === 0 ? [] : [{ dimension, values }]
  })
  return reader.getRowObjects().map((row): MappedRow => ({
    period: numberIn(row['period']),
    contributor: String(row['contributor']),
    contributorName: textIn(row['contributor_name']),
    kind: textIn(row['kind']) as SchoolKind | null,
    uai: textIn(row['uai']),
    communeCode: textIn(row['commune_code']),
    communeVintage: numberIn(row['commune_vintage']),
    communeLabel: textIn(row['commune_label']),
    departementLabel: textIn(row['departement_label']),
    inScope: (row['in_scope'] as boolean | null | undefined) ?? null,
    opened: textIn(row['opened']),
    updated: textIn(row['updated']),
    ...(names.includes('latitude') && schoolFactsIn(row)),
    values: Object.fromEntries(measures.map((measure) => [measure, numberIn(row[measure])])),
    attributes: Object.fromEntries(
      attributes.flatMap((dimension) => (row[dimension] === null ? [] : [[dimension, String(row[dimension])]])),
    ),
    parts: Object.fromEntries(
      parts.map(({ dimension, values }) => [
        dimension,
        Object.fromEntries(values.map((value) => [value, numberIn(row[`${dimension}=${value}`])])),
      ]),
    ),
  }))
}

const schoolFactsIn = (row: Record<string, unknown>): SchoolFacts => ({
  contract: textIn(row['contract']) as SchoolContract | null,
  latitude: numberIn(row['latitude']),
  longitude: numberIn(row['longitude']),
})

async function one(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>> {
  const reader = await connection.runAndReadAll(sql)
  return (reader.getRowObjects()[0] ?? {}) as Record<string, unknown>
}

/** The first lines of a breach, with the value found: `line 3 ("12x"), line 9 ("")`. */
async function linesWhere(
  connection: DuckDBConnection,
  table: string,
  condition: string,
  value?: string,
): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT _line${value === undefined ? '' : `, ${value} AS value`} FROM "${table}" WHERE ${condition} ORDER BY _line LIMIT 5`,
  )
  return reader
    .getRowObjects()
    .map((row) => `line ${String(row['_line'])}${value === undefined ? '' : ` (${JSON.stringify(row['value'])})`}`)
    .join(', ')
}

function broken(where: string, what: string, lines: string, expected: string): StratesError {
  return new StratesError({
    code: 'CONTRACT_BROKEN',
    what,
    on: `${where}, ${lines}`,
    expected,
    remedy: 'Download the file again; if the publisher changed it, change the contract in the descriptor.',
  })
}

const numberIn = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))
const textIn = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
const shorten = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : names
        .slice(0, 8)
        .map((name) => `"${name.slice(0, 60)}"`)
        .join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '')
