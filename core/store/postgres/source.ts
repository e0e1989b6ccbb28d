import type { SqlValue } from '../../database/connect.ts'
import { StratesError } from '../../observations/error.ts'
import { MEMBER_KINDS } from '../../observations/missing.ts'
import type { OwnerName } from '../../observations/owner.ts'
import { CONTRIBUTION_STATES } from '../../observations/school.ts'
import { OBSERVATION_STATUSES } from '../../observations/status.ts'
import type { MissingRow, SchoolValue } from '../contributors.ts'
import { Cube, NOTHING_RARE, type CubeCell, type RareFacts } from '../cube.ts'
import type { CellSource } from '../fetched.ts'

/**
 * Runs one statement that reads.
 * @param what is read, for people.
 * @param require throws where the rows are not those that have to be there.
 */
export type Read = <Row>(
  what: string,
  text: string,
  values: readonly SqlValue[],
  require?: (rows: readonly Row[]) => void,
) => Promise<readonly Row[]>

/**
 * Looks whether a version is there, whole, as this program reads it.
 * @throws StratesError STORE_CORRUPT where it is not.
 */
export async function requireVersion(read: Read, version: string, format: number): Promise<void> {
  const what = `the version ${version} in the database`
  const text = 'SELECT format FROM strates_store.version WHERE version = $1'
  const [found] = await read<{ readonly format: number }>(what, text, [version])
  if (found === undefined) throw gone(what)
  if (found.format === format) return
  throw corrupt(what, `The rows have the layout ${found.format}`, `the layout ${format}`)
}

/** The statements that read the rows of a version: what is asked in one moment of one owner, and one kind, is one of them. */
export function createSource(read: Read, version: string): CellSource {
  return { cellsOf, partsOf, schoolsOf, missingOf, slicesOf }

  async function cellsOf(owner: OwnerName, territories: readonly number[]) {
    const rows = await columns(owner, 'cells', 'cell', CELL_COLUMNS, 'territory', territories)
    const found = new Map(territories.map((key) => [key, new Map<number, CubeCell>()]))
    for (let row = 0; row < rows.size; row += 1)
      found.get(rows.at('territory', row))?.set(rows.at('slice', row), cellAt(rows, row))
    return listed(territories, found)
  }

  async function partsOf(owner: OwnerName, territories: readonly number[]) {
    const rows = await columns(owner, 'breakdowns', 'part', PART_COLUMNS, 'territory', territories)
    const found = new Map(territories.map((key) => [key, new Map<number, Map<number, number>>()]))
    for (let row = 0; row < rows.size; row += 1) {
      const slice = rows.at('slice', row)
      const slices = found.get(rows.at('territory', row))
      const parts = slices?.get(slice) ?? new Map<number, number>()
      slices?.set(slice, parts.set(rows.at('part', row), rows.at('value', row)))
    }
    return listed(territories, found)
  }

  async function schoolsOf(owner: OwnerName, schools: readonly number[]) {
    const rows = await columns(owner, 'figures of schools', 'school_value', SCHOOL_COLUMNS, 'school', schools)
    const found = new Map(schools.map((key): [number, SchoolValue[]] => [key, []]))
    for (const row of rows.inOrderOf('position')) {
      found.get(rows.at('school', row))?.push({
        slice: rows.at('slice', row),
        value: orNull(rows.at('value', row)),
        state: CONTRIBUTION_STATES[rows.at('state', row)] ?? 'MISSING',
        commune: rows.at('commune', row),
      })
    }
    return listed(schools, found)
  }

  async function slicesOf(owner: OwnerName, slices: readonly number[]) {
    const rows = await columns(owner, 'cells', 'cell', CELL_COLUMNS, 'slice', slices)
    const bySlice = Map.groupBy(rows.inOrderOf('territory'), (row) => rows.at('slice', row))
    return slices.map((slice) => cubeOf(rows, slice, bySlice.get(slice) ?? []))
  }

  /** They have texts, and come row by row. */
  async function missingOf(owner: OwnerName, slices: readonly number[]) {
    const what = `missing contributors of ${owner}`
    const rows = await read<SqlMissing>(what, MISSING, [version, owner, slices], requireRows(what))
    const found = new Map(slices.map((key): [number, MissingRow[]] => [key, []]))
    for (const { slice, state, kind, code, name, lost: _lost, ...numbers } of rows) {
      found.get(slice ?? -1)?.push({
        ...numbers,
        state: CONTRIBUTION_STATES[state] ?? 'MISSING',
        kind: MEMBER_KINDS[kind] ?? 'SCHOOL',
        code: code ?? '',
        name: name ?? '',
      })
    }
    return listed(slices, found)
  }

  /** Each column comes as one text: no value is made for each row and column on the way. */
  async function columns<Name extends string>(
    owner: OwnerName,
    kind: string,
    table: string,
    names: readonly Name[],
    by: string,
    keys: readonly number[],
  ): Promise<Columns<Name>> {
    const what = `${kind} of ${owner}`
    const [row] = await read<Record<string, string | null> & Lost>(
      what,
      `SELECT (SELECT ${lostFrom(table)} FROM strates_store.version AS held WHERE held.version = $1) AS lost,
         ${names.map((name) => `array_to_string(array_agg(${name}), ',', 'NaN') AS ${name}`).join(', ')}
       FROM strates_store.${table} WHERE version = $1 AND owner = $2 AND ${by} = ANY($3::int[])`,
      [version, owner, keys],
      requireRows(what),
    )
    return new Columns(names, row ?? {})
  }
}

const CELL_COLUMNS = [
  'territory',
  'slice',
  'value',
  'status',
  'expected',
  'reported',
  'share',
  'notes',
  'suppressed',
  'not_located',
  'not_located_value',
  'estimated',
] as const

const PART_COLUMNS = ['territory', 'slice', 'part', 'value'] as const

const SCHOOL_COLUMNS = ['position', 'school', 'slice', 'value', 'state', 'commune'] as const

/** Whether the rows of an owner are not there; no value where the version is not. */
interface Lost {
  readonly lost: boolean | null
}

/** Of a row `held` of the versions: whether a table has rows of the owner `$2` in it, and none is there. A partition that was dropped reads as an empty one. */
const lostFrom = (table: string): string =>
  `'${table}/' || $2 = ANY(held.filled) AND NOT EXISTS (
    SELECT 1 FROM strates_store.${table} WHERE version = $1 AND owner = $2)`

/** One row without a slice says that the version is there, and has none. */
const MISSING = `SELECT slice, piece, departement, school, together, state, kind, code, name, ${lostFrom('missing')} AS lost
  FROM strates_store.version AS held LEFT JOIN strates_store.missing AS missing
    ON missing.version = $1 AND missing.owner = $2 AND missing.slice = ANY($3::int[])
  WHERE held.version = $1 ORDER BY missing.position`

interface SqlMissing extends Lost {
  readonly slice: number | null
  readonly piece: number
  readonly departement: number
  readonly school: number
  readonly together: number
  readonly state: number
  readonly kind: number
  readonly code: string | null
  readonly name: string | null
}

/** Columns of numbers; what is null is NaN. */
class Columns<Name extends string> {
  readonly size: number
  readonly #columns: Readonly<Record<string, Float64Array>>

  constructor(names: readonly Name[], row: Readonly<Record<string, unknown>>) {
    this.#columns = Object.fromEntries(names.map((name) => [name, numbersOf(row[name] as string | null)]))
    this.size = this.#columns[names[0] ?? '']?.length ?? 0
  }

  at(name: Name, row: number): number {
    return this.#columns[name]?.[row] ?? Number.NaN
  }

  /** The rows in the order of a column: a database has none of its own. */
  inOrderOf(name: Name): readonly number[] {
    return Array.from({ length: this.size }, (_, row) => row).sort(
      (left, right) => this.at(name, left) - this.at(name, right),
    )
  }
}

const numbersOf = (text: string | null): Float64Array =>
  text === null || text === '' ? new Float64Array() : Float64Array.from(text.split(','), Number)

function cellAt(rows: Columns<(typeof CELL_COLUMNS)[number]>, row: number): CubeCell {
  return {
    value: orNull(rows.at('value', row)),
    status: OBSERVATION_STATUSES[rows.at('status', row)] ?? 'SOURCE_UNAVAILABLE',
    expected: rows.at('expected', row),
    reported: rows.at('reported', row),
    // Of four bytes, in the files too.
    share: Math.fround(rows.at('share', row)),
    notes: rows.at('notes', row),
    ...(rareAt(rows, row) ?? NOTHING_RARE),
  }
}

function rareAt(rows: Columns<(typeof CELL_COLUMNS)[number]>, row: number): RareFacts | undefined {
  const suppressed = rows.at('suppressed', row)
  const notLocated = rows.at('not_located', row)
  const estimated = rows.at('estimated', row)
  if (suppressed === 0 && notLocated === 0 && !(estimated > 0)) return undefined
  return { suppressed, notLocated, notLocatedValue: rows.at('not_located_value', row), estimated }
}

/** @param ordered the rows of the slice, by territory. */
function cubeOf(rows: Columns<(typeof CELL_COLUMNS)[number]>, slice: number, ordered: readonly number[]): Cube {
  const column = <Kind extends Int32Array | Float64Array | Uint8Array | Float32Array | Uint16Array>(
    kind: { from(rows: readonly number[], read: (row: number) => number): Kind },
    name: (typeof CELL_COLUMNS)[number],
  ): Kind => kind.from(ordered, (row) => rows.at(name, row))
  return new Cube({
    slice: new Int32Array(ordered.length).fill(slice),
    territory: column(Int32Array, 'territory'),
    value: column(Float64Array, 'value'),
    status: column(Uint8Array, 'status'),
    expected: column(Int32Array, 'expected'),
    reported: column(Int32Array, 'reported'),
    share: column(Float32Array, 'share'),
    notes: column(Uint16Array, 'notes'),
    rare: new Map(
      ordered.flatMap((row, position) => {
        const rare = rareAt(rows, row)
        return rare === undefined ? [] : [[position, rare]]
      }),
    ),
  })
}

/** In the order in which it was asked; each key was given a group before. */
const listed = <Group>(keys: readonly number[], found: ReadonlyMap<number, Group>): readonly Group[] =>
  keys.map((key) => found.get(key) as Group)

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

const requireRows =
  (what: string) =>
  ([row]: readonly Lost[]): void => {
    if (row?.lost !== false) throw gone(what)
  }

/** Rows that are not there are no absences: nobody may take them for any. */
const gone = (what: string): StratesError =>
  corrupt(what, 'The database has no rows of this version of the data', 'the rows of every version that is published')

const corrupt = (on: string, what: string, expected: string): StratesError =>
  new StratesError({
    code: 'STORE_CORRUPT',
    what,
    on,
    expected,
    remedy: 'Ask again once a newer version is served; else run npm run ingest again, which loads it anew.',
  })
