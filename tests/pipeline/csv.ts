/** Rows typed by hand as a CSV that official files could be. */

/** One line a row, the header from the first row; every field quoted. */
export function csvOf(rows: readonly Readonly<Record<string, string>>[], delimiter = ';'): string {
  const header = Object.keys(rows[0] ?? {})
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)
  return [line(header), ...rows.map((row) => line(header.map((name) => row[name] ?? '')))].join('\n') + '\n'
}
