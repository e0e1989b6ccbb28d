import type { Cell, CellType, Column, ColumnRole, Table } from '../table.ts'

/**
 * A table as all formats can write it: each cell is what its column says, texts are well-formed Unicode (half of a pair of
 * surrogates becomes U+FFFD, as UTF-8 has none), and zero has no sign.
 * @throws TypeError naming the row and the column when a cell is not what its column says: a mistake of whoever made the table.
 */
export function tidy(table: Table): Table {
  const { columns } = table
  const rows = table.rows.map((row, index) => {
    if (row.length !== columns.length) {
      throw new TypeError(
        `${table.name}, row ${index + 1}: has ${row.length} cells where there are ${columns.length} columns`,
      )
    }
    checkPosition(columns, row, `${table.name}, row ${index + 1}`)
    return columns.map((column, at): Cell => {
      const cell = row[at] ?? null
      if (!isIn(column, cell)) throw new TypeError(`${table.name}, row ${index + 1}: ${misfit(column, cell)}`)
      if (typeof cell === 'string') return cell.toWellFormed()
      return cell === 0 ? 0 : cell
    })
  })
  return { ...table, rows }
}

function isIn({ type, nullable, values, role }: Column, cell: Cell): boolean {
  if (cell === null) return nullable
  if (!HOLDS[type](cell)) return false
  if (values !== undefined && !values.includes(cell as string)) return false
  const most = role === undefined ? undefined : DEGREES[role.kind]
  return most === undefined || Math.abs(cell as number) <= most
}

const HOLDS: Readonly<Record<CellType, (cell: Cell) => boolean>> = {
  string: (cell) => typeof cell === 'string',
  integer: (cell) => Number.isSafeInteger(cell),
  number: (cell) => Number.isFinite(cell),
  boolean: (cell) => typeof cell === 'boolean',
  date: (cell) => typeof cell === 'string' && /^\d{4}-\d\d-\d\d$/.test(cell) && isDay(cell),
  datetime: (cell) =>
    typeof cell === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(cell) &&
    isDay(cell.slice(0, '2024-02-29'.length)) &&
    !Number.isNaN(Date.parse(cell)),
}

/** The calendar has it: JavaScript reads 30 February as 1 or 2 March. */
const isDay = (text: string): boolean => {
  const day = new Date(text)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** The most degrees from the equator and from Greenwich. */
const DEGREES: Readonly<Partial<Record<ColumnRole['kind'], number>>> = { latitude: 90, longitude: 180 }

/** A position has both its coordinates or none. */
function checkPosition(columns: readonly Column[], row: readonly Cell[], on: string): void {
  const lacking = columns.filter(({ role }, at) => role !== undefined && role.kind in DEGREES && row[at] === null)
  if (lacking.length === 1) throw new TypeError(`${on}: half of its position is there, without "${lacking[0]?.name}"`)
}

function misfit({ name, type, nullable, values }: Column, cell: Cell): string {
  const expected = values === undefined ? `${nullable ? 'null or ' : ''}a ${type}` : `one of ${values.join(', ')}`
  return `the column "${name}" holds ${typeof cell === 'string' ? JSON.stringify(cell) : String(cell)}, expected ${expected}`
}
