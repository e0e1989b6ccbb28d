/** Rows from one position to another, the second not included. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** The first row of a sorted column, or of a range of it, that is not before the number looked for. */
export function lowerBound(
  sorted: Int32Array,
  wanted: number,
  { from, to }: Range = { from: 0, to: sorted.length },
): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** The rows of each slice, in a column sorted by slice. */
export function rangesOf(slices: Int32Array): ReadonlyMap<number, Range> {
  const ranges = new Map<number, { from: number; to: number }>()
  for (let position = 0; position < slices.length; position += 1) {
    const slice = slices[position] ?? -1
    const range = ranges.get(slice)
    if (range === undefined) ranges.set(slice, { from: position, to: position + 1 })
    else range.to = position + 1
  }
  return ranges
}
