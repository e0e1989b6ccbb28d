import type { SortedTexts } from './sorted.ts'

const BLANK = 32

/** Deeper than the longest name. */
const DEEPEST = 255

/** Higher than any number that is asked for, and low enough to be added to. */
const TOO_MANY = 100

/** The longest text that is looked for, in letters. */
export const LONGEST_WANTED = 40

/**
 * What is written anew by each look-up, from the first depth on; one at a time, for nothing is waited for. At each depth: a row of
 * slips; the fewest with which the text was found so far; how many letters there were, the last one, and the depth before it.
 */
const table = {
  slips: new Uint8Array((LONGEST_WANTED + 1) * (DEEPEST + 1)),
  found: new Uint8Array(DEEPEST + 1).fill(TOO_MANY),
  counts: new Uint8Array(DEEPEST + 1),
  letters: new Uint8Array(DEEPEST + 1),
  depthsBefore: new Int16Array(DEEPEST + 1).fill(-1),
} as const

/** Told of a row that is near: its slips; whether the row is meant whole, or only begins so. */
type Tell = (row: number, slips: number, isWhole: boolean) => void

/**
 * Finds the rows that are, or begin with, a text but for some slips of the pen: a letter too many, missing, wrong, or
 * exchanged with its neighbour. Blanks count for nothing, so that "saintmalo" and "la rochesuryon" are found too.
 *
 * Rows are in order: what one has in common with the one before is reckoned once, and where a beginning is too far off,
 * all rows that have it are passed over.
 * @param text at most {@link LONGEST_WANTED} letters.
 * @param range the rows to look among; default: all.
 */
export function withSlips(
  rows: SortedTexts,
  text: string,
  {
    most,
    range: [from, until] = [0, rows.size],
  }: { readonly most: number; readonly range?: readonly [number, number] },
  tell: Tell,
): void {
  const wanted = [...text].filter((letter) => letter !== ' ').map((letter) => letter.charCodeAt(0))
  const width = wanted.length + 1
  // A row of the table for each depth. More slips than are forgiven are all the same: TOO_MANY.
  const { slips, found, counts, letters, depthsBefore } = table
  for (let place = 0; place < width; place += 1) slips[place] = place <= most ? place : TOO_MANY
  const { common } = rows
  let row = from
  while (row < until) {
    let depth = row === from ? 0 : (common[row] ?? 0)
    let isDead = false
    for (let letter = rows.byteAt(row, depth); letter !== 0 && depth < DEEPEST; letter = rows.byteAt(row, depth)) {
      if (letter === BLANK) copy(depth)
      else isDead = reckon(depth, letter) > most
      depth += 1
      found[depth] = Math.min(found[depth - 1] ?? TOO_MANY, slips[depth * width + width - 1] ?? TOO_MANY)
      if (isDead) break
    }
    const whole = isDead ? TOO_MANY : (slips[depth * width + width - 1] ?? TOO_MANY)
    const begun = found[depth] ?? TOO_MANY
    if (begun <= most) tell(row, begun, whole === begun)
    row += 1
    if (!isDead) continue
    // All that begins as this one did is as far off, or begins with the text too.
    const next = Math.min(until, rows.afterAlike(row - 1, depth))
    if (begun <= most) for (; row < next; row += 1) tell(row, begun, false)
    row = next
  }

  function copy(depth: number): void {
    slips.copyWithin((depth + 1) * width, depth * width, (depth + 1) * width)
    counts[depth + 1] = counts[depth] ?? 0
    letters[depth + 1] = letters[depth] ?? 0
    depthsBefore[depth + 1] = depthsBefore[depth] ?? -1
  }

  /**
   * One more letter of the row (Damerau and Levenshtein, neighbours exchanged once), for as many letters of the text as are
   * not too many more or fewer.
   * @returns the fewest slips at this depth.
   */
  function reckon(depth: number, letter: number): number {
    const above = depth * width
    const here = above + width
    const earlier = (depthsBefore[depth] ?? -1) * width
    const last = letters[depth] ?? 0
    const count = (counts[depth] ?? 0) + 1
    const [first, end] = [Math.max(1, count - most), Math.min(width - 1, count + most)]
    slips[here + first - 1] = first === 1 ? Math.min(count, TOO_MANY) : TOO_MANY
    let least = slips[here + first - 1] ?? TOO_MANY
    for (let place = first; place <= end; place += 1) {
      let fewest = (slips[above + place - 1] ?? 0) + (wanted[place - 1] === letter ? 0 : 1)
      const longer = (slips[above + place] ?? 0) + 1
      const shorter = (slips[here + place - 1] ?? 0) + 1
      if (longer < fewest) fewest = longer
      if (shorter < fewest) fewest = shorter
      if (earlier >= 0 && place > 1 && last === wanted[place - 1] && wanted[place - 2] === letter) {
        const exchanged = (slips[earlier + place - 2] ?? 0) + 1
        if (exchanged < fewest) fewest = exchanged
      }
      slips[here + place] = fewest
      if (fewest < least) least = fewest
    }
    if (end < width - 1) slips.fill(TOO_MANY, here + end + 1, here + width)
    counts[depth + 1] = count
    letters[depth + 1] = letter
    depthsBefore[depth + 1] = depth
    return least
  }
}
