import type { Table, TableFacts } from '../table.ts'

/** What a file says of itself, under the same names in each format that has room for it, always in the same order. */
export interface FileFacts extends TableFacts {
  readonly name: string
  readonly title: string
}

/** The facts of a table, each by the name that it has in a file. */
export function factsOf({ name, title, about }: Table): FileFacts {
  const { dataVersion, attributions, licences, geographies, simulated, warnings, totalRows } = about
  const told = { name, title, dataVersion, attributions, licences, geographies, simulated, warnings }
  return totalRows === undefined ? told : { ...told, totalRows }
}
