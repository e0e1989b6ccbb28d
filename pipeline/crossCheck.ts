/**
 * crossCheck: our movements of communes held against INSEE's file of them ("événements survenus aux communes depuis 1943"),
 * when somebody gives it. Nothing needs the file: it changes no value, and what differs is told in the report.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { StratesError } from '../core/observations/error.ts'
import { FIRST_DAY } from '../core/territories/lineage.ts'
import type { Timeline } from '../core/territories/timeline.ts'
import { readTable } from './read.ts'
import { unreadable, type ReadableFile } from './unreadable.ts'

/** What the file is called in a folder: as INSEE names its editions, or by what it is. */
export const MOVEMENT_FILE_NAMES: readonly RegExp[] = [/^insee-mouvements-communes/i, /^(?:v_)?mvt_?commune/i]

/** The name by which errors and snapshots know the file. */
export const MOVEMENTS = 'insee-mouvements-communes'

/** What came out of the comparison. */
export interface MovementCheck {
  readonly file: string
  /** Movements of whole communes in the file, each pair of codes on a day once, as far as the vintages reach. */
  readonly compared: number
  /** Those that we have with the same codes on the same day. */
  readonly agreed: number
  /** Those that the file tells in two steps on one day, through a code that lasted none; compared as one. */
  readonly joined: number
  /** Ours of which the file tells one side only: a commune that ends without successor, or begins out of nothing. */
  readonly halfTold: number
  /** Rows on parts of communes, which are not compared, by modality. */
  readonly parts: Readonly<Record<string, number>>
  readonly onlyThere: readonly string[]
  readonly onlyHere: readonly string[]
}

/** One row of the file; a code is null where the row has none. */
export interface MovementRow {
  /** INSEE's modality: 10 rename, 20 creation, 21 re-establishment, 30 end, 31 to 33 merger, 41 département, 50 seat. */
  readonly modality: string
  readonly date: string
  readonly typeBefore: string | null
  readonly before: string | null
  readonly typeAfter: string | null
  readonly after: string | null
}

/**
 * Reads each file and compares it.
 * @param warn told of a file that cannot be read: it stops nothing.
 */
export async function crossCheckMovements(
  connection: DuckDBConnection,
  files: readonly ReadableFile[],
  timeline: Timeline,
  warn: (warning: string) => void,
): Promise<readonly MovementCheck[]> {
  const checks: MovementCheck[] = []
  for (const file of files) {
    try {
      checks.push(compareMovements(file.name, await readMovements(connection, file), timeline))
    } catch (error) {
      if (!(error instanceof StratesError)) throw error
      warn(`the movements of communes were held against nothing: ${error.message}`)
    }
  }
  return checks
}

const COLUMNS = ['mod', 'date_eff', 'typecom_av', 'com_av', 'typecom_ap', 'com_ap'] as const

async function readMovements(connection: DuckDBConnection, file: ReadableFile): Promise<readonly MovementRow[]> {
  const { names } = await readTable(connection, file, 'movements')
  const missing = COLUMNS.filter((column) => !names.includes(column))
  if (missing.length > 0) {
    const headers = COLUMNS.map((column) => column.toUpperCase()).join(', ')
    throw unreadable(
      file,
      `The column ${missing[0]?.toUpperCase()} is missing`,
      `the columns ${headers}`,
      'Give the file as INSEE publishes it.',
    )
  }
  const reader = await connection.runAndReadAll(`SELECT ${COLUMNS.join(', ')} FROM movements ORDER BY _line`)
  await connection.run('DROP TABLE movements')
  return reader.getRows().map((cells) => {
    const [modality, date, typeBefore, before, typeAfter, after] = cells as (string | null)[]
    return {
      modality: modality ?? '',
      date: date ?? '',
      typeBefore: typeBefore ?? null,
      before: before ?? null,
      typeAfter: typeAfter ?? null,
      after: after ?? null,
    }
  })
}

/** The modalities that move whole communes; the others (34, 35, 70 to 72) concern parts. */
const OF_COMMUNES = ['10', '20', '21', '30', '31', '32', '33', '41', '50']

/** Compares the rows with our movements by day, code before and code after. */
export function compareMovements(file: string, rows: readonly MovementRow[], timeline: Timeline): MovementCheck {
  const newest = rows.reduce((latest, { date }) => (date > latest ? date : latest), FIRST_DAY)
  const last = newest < timeline.today ? newest : timeline.today
  const known = rows.filter(({ date }) => date <= last)
  const whole = known.filter(isWhole)
  const halves = new Set(
    whole.flatMap(({ date, before, after }) => {
      if (before !== null && after !== null) return []
      return [before === null ? `${date} → ${after}` : `${date} ${before} →`]
    }),
  )
  const { pairs: theirs, joined } = joinSteps(whole.filter(({ before, after }) => before !== null && after !== null))
  const ours = new Map(
    timeline.changes({ from: FIRST_DAY, to: last }).map((step) => {
      const { date, kind, from, to } = timeline.movement(step)
      const isHalfTold = halves.has(`${date} → ${to.code}`) || halves.has(`${date} ${from.code} →`)
      return [keyOf(date, from.code, to.code), { kind, isHalfTold }]
    }),
  )
  const extra = [...ours].filter(([key]) => !theirs.has(key))
  const onlyThere = [...theirs].filter(([key]) => !ours.has(key))
  return {
    file,
    compared: theirs.size,
    agreed: theirs.size - onlyThere.length,
    joined,
    halfTold: extra.filter(([, { isHalfTold }]) => isHalfTold).length,
    parts: countsOf(known.filter((row) => !isWhole(row)).map(({ modality }) => modality)),
    onlyThere: onlyThere.map(([key, modality]) => `${key} (modality ${modality})`).toSorted(),
    onlyHere: extra.flatMap(([key, { kind, isHalfTold }]) => (isHalfTold ? [] : [`${key} (${kind})`])).toSorted(),
  }
}

const keyOf = (date: string, before: string, after: string): string => `${date} ${before} → ${after}`

/** A row of a whole commune on both sides, or on the one side that it has. */
function isWhole({ modality, typeBefore, typeAfter }: MovementRow): boolean {
  const isCommune = (type: string | null) => type === null || type === 'COM'
  return OF_COMMUNES.includes(modality) && isCommune(typeBefore) && isCommune(typeAfter)
}

/**
 * The rows as pairs, with their modality. A commune that changed département and merged on one day has two rows: through
 * the code in between, under which it never stood, they are one.
 */
function joinSteps(rows: readonly MovementRow[]): {
  readonly pairs: ReadonlyMap<string, string>
  readonly joined: number
} {
  const pairs = new Map<string, string>()
  let joined = 0
  for (const [date, ofDay] of Map.groupBy(rows, (row) => row.date)) {
    const leaving = Map.groupBy(ofDay, ({ before }) => before)
    const arriving = new Set(ofDay.flatMap(({ before, after }) => (before === after ? [] : (after ?? []))))
    const isPassing = (code: string | null) =>
      code !== null &&
      arriving.has(code) &&
      leaving.has(code) &&
      leaving.get(code)?.every(({ after }) => after !== code)
    for (const { before, after, modality } of ofDay) {
      if (isPassing(before)) continue
      const next = isPassing(after) ? (leaving.get(after) ?? []) : []
      if (next.length === 0) pairs.set(keyOf(date, before ?? '', after ?? ''), modality)
      for (const step of next) pairs.set(keyOf(date, before ?? '', step.after ?? ''), step.modality)
      if (next.length > 0) joined += 1
    }
  }
  return { pairs, joined }
}

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = Map.groupBy(words, (word) => word)
  return Object.fromEntries(
    [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([word, same]) => [word, same.length]),
  )
}
