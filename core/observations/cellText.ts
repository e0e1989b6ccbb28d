import type { FeedCell, FeedColumn } from './feed.ts'

/**
 * Cells as CSV (RFC 4180): texts between quotes and nothing else, so that a program which is told to keep quoted cells as text keeps
 * "01001"; an empty field for null. It is the CSV of `/v1/` too.
 */
export function csvCells(columns: readonly Pick<FeedColumn, 'type'>[], cells: readonly FeedCell[]): string {
  let text = ''
  for (let position = 0; position < cells.length; position += 1) {
    if (position > 0) text += ','
    const cell = cells[position] ?? null
    if (cell !== null) text += typeof cell === 'string' && columns[position]?.type === 'string' ? csvText(cell) : cell
  }
  return text
}

/** The names of columns as the first line of CSV. */
export const csvHead = (columns: readonly Pick<FeedColumn, 'name'>[]): string =>
  columns.map(({ name }) => csvText(name)).join(',')

/**
 * A text that a spreadsheet would run as a formula is made harmless by an apostrophe before it: one that begins with = + - @, one
 * of these in full width, a tab or a carriage return. Numbers are no text: -3 stays -3.
 */
const csvText = (text: string): string => {
  const defused = FORMULA.test(text) ? `'${text}` : text
  return `"${defused.replaceAll('"', '""')}"`
}

const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/**
 * The texts of the first cells of a line that {@link csvCells} wrote, its quotes undone. What changed between two feeds is
 * found in a seventh of the time that a parser of any CSV takes, which has to be set up anew for each line.
 * @param most how many cells are wanted; all of them where it is left out.
 */
export function csvTexts(line: string, most = Infinity): string[] {
  const texts: string[] = []
  let at = 0
  while (at <= line.length && texts.length < most) {
    const isQuoted = line[at] === '"'
    const end = isQuoted ? closingQuote(line, at) : endOf(line, line.indexOf(',', at))
    const text = line.slice(isQuoted ? at + 1 : at, end)
    texts.push(isQuoted ? text.replaceAll('""', '"') : text)
    at = end + (isQuoted ? 2 : 1)
  }
  return texts
}

/** Where the text ends that a quote opens; a doubled quote is one inside it. */
function closingQuote(line: string, opening: number): number {
  let at = line.indexOf('"', opening + 1)
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2)
  return endOf(line, at)
}

const endOf = (line: string, found: number): number => (found < 0 ? line.length : found)

/** The text that a cell of CSV stands for. */
export const undefused = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1) : text

/** Cells as members of a JSON object, without its braces. */
export function jsonMembers(columns: readonly Pick<FeedColumn, 'name'>[], cells: readonly FeedCell[]): string {
  let text = ''
  for (let position = 0; position < columns.length; position += 1) {
    const cell = cells[position] ?? null
    text += `${position > 0 ? ',"' : '"'}${columns[position]?.name}":`
    text += typeof cell === 'string' ? JSON.stringify(cell) : cell
  }
  return text
}
