import { BOOLEAN, DOUBLE, DuckDBDataChunk, INTEGER, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import {
  FIGURE_COLUMNS,
  PLACE_COLUMNS,
  QUESTION_COLUMNS,
  SOURCE_COLUMNS,
  type FeedCell,
} from '../core/observations/feed.ts'
import { METHODS, OBSERVATION_STATUSES } from '../core/observations/status.ts'
import type { FeedQuestion, FeedRow } from './feedRows.ts'

/** A feed that is being written as Parquet. */
export interface FeedParquet {
  append(row: FeedRow): void
  writeTo(path: string): Promise<void>
}

/** Texts of a figure, kept as their position. */
const WORDS: Readonly<Record<string, readonly string[]>> = { status: OBSERVATION_STATUSES, method: METHODS }

/** The columns of the table in memory: the row's number, its question, its place, and the figure. */
const NUMBERS = ['row', 'question', 'place']
const TYPES = [
  ...NUMBERS.map(() => INTEGER),
  ...FIGURE_COLUMNS.map(({ type }) => (type === 'number' ? DOUBLE : type === 'boolean' ? BOOLEAN : INTEGER)),
]
const CHUNK_ROWS = 2048
/** What is in memory of the file while it is written. */
const ROW_GROUP_ROWS = 40_960

/**
 * Collects the rows of a feed in a table of numbers, and writes them as Parquet, in their order. What many rows share is put in
 * as they are written.
 */
export async function createFeedParquet(
  connection: DuckDBConnection,
  questions: readonly FeedQuestion[],
): Promise<FeedParquet> {
  const names = [...NUMBERS, ...FIGURE_COLUMNS.map(({ name }) => name)]
  const definition = names.map((name, position) => `"${name}" ${TYPES[position]}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE feed_rows (${definition.join(', ')})`)
  const appender = await connection.createAppender('feed_rows')
  const questionAt = new Map(questions.map((question, position) => [question, position]))
  const placeAt = new Map<readonly FeedCell[], number>()
  let chunk: DuckDBValue[][] = TYPES.map(() => [])
  let rows = 0

  return { append, writeTo }

  function append({ question, place, figure }: FeedRow): void {
    let at = placeAt.get(place)
    if (at === undefined) placeAt.set(place, (at = placeAt.size))
    chunk[0]?.push(rows)
    chunk[1]?.push(questionAt.get(question) ?? 0)
    chunk[2]?.push(at)
    for (let position = 0; position < figure.length; position += 1) {
      const cell = figure[position] ?? null
      const words = typeof cell === 'string' ? WORDS[FIGURE_COLUMNS[position]?.name ?? ''] : undefined
      chunk[NUMBERS.length + position]?.push(words === undefined ? cell : words.indexOf(`${cell}`))
    }
    rows += 1
    if (rows % CHUNK_ROWS === 0) flush()
  }

  function flush(): void {
    const size = chunk[0]?.length ?? 0
    if (size === 0) return
    const data = DuckDBDataChunk.create(TYPES, size)
    data.setColumns(chunk)
    appender.appendDataChunk(data)
    chunk = TYPES.map(() => [])
  }

  async function writeTo(path: string): Promise<void> {
    flush()
    appender.closeSync()
    await writePlaces(connection, [...placeAt.keys()])
    const select = [
      ...PLACE_COLUMNS.map(({ name }) => `"${name}"`),
      ...QUESTION_COLUMNS.map(({ name }, column) => perQuestion(name, (question) => question.cells[column])),
      ...FIGURE_COLUMNS.map(({ name }) => wordOf(name)),
      ...SOURCE_COLUMNS.map(({ name }, column) => perQuestion(name, (question) => question.source[column])),
    ]
    // One thread takes 70 MB for the largest feed, and half the processor time; two take 500 MB.
    await connection.run('SET threads = 1')
    // What is sorted is narrow: the texts that rows share come after.
    await connection.run(`
      COPY (SELECT ${select.join(', ')} FROM (SELECT * FROM feed_rows JOIN feed_places USING (place) ORDER BY "row"))
      TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`)
    await connection.run('RESET threads; DROP TABLE feed_rows; DROP TABLE feed_places')
  }

  function perQuestion(name: string, cellOf: (question: FeedQuestion) => FeedCell | undefined): string {
    const cells = questions.map((question) => literal(cellOf(question)))
    if (new Set(cells).size === 1) return `${cells[0]} AS "${name}"`
    return `CASE question ${cells.map((cell, position) => `WHEN ${position} THEN ${cell}`).join(' ')} END AS "${name}"`
  }
}

async function writePlaces(connection: DuckDBConnection, places: readonly (readonly FeedCell[])[]): Promise<void> {
  const types = PLACE_COLUMNS.map(({ name, type }) => `"${name}" ${type === 'integer' ? 'INTEGER' : 'VARCHAR'}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE feed_places (place INTEGER, ${types.join(', ')})`)
  const appender = await connection.createAppender('feed_places')
  for (const [position, place] of places.entries()) {
    appender.appendInteger(position)
    for (const cell of place) {
      if (typeof cell === 'number') appender.appendInteger(cell)
      else appender.appendVarchar(`${cell}`)
    }
    appender.endRow()
  }
  appender.closeSync()
}

function wordOf(name: string): string {
  const words = WORDS[name]
  if (words === undefined) return `"${name}"`
  return `CASE "${name}" ${words.map((word, at) => `WHEN ${at} THEN ${literal(word)}`).join(' ')} END AS "${name}"`
}

const literal = (cell: FeedCell | undefined): string =>
  typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : `${cell ?? null}`
