import type { Table } from '../table.ts'

/** One JSON object a row and a line, its keys the names of the columns in their order. */
export function writeNdjson({ columns, rows }: Table): string {
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`)
  return rows.map((row) => `{${row.map((cell, at) => keys[at] + JSON.stringify(cell)).join(',')}}\n`).join('')
}
