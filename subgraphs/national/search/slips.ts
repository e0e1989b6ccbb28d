import type { SortedTexts } from './sorted.ts'

const BLANK = 32

/** Deeper than the longest name. */
const DEEPEST = 255

/** Told of a row that is near: its slips; whether the row is meant whole, or only begins so. */
type Tell = (row: number, slips: number, isWhole: boolean) => void

/**
 * Finds the rows that are, or begin with, a text but for some slips of the pen: a letter too many, missing, wrong, or
 * exchanged with its neighbour. Blanks count for nothing, so that "saintmalo" and "la rochesuryon" are found too.
 *
 * Rows are in order: what one has in common with the one before is reckoned once, and where a beginning is too far off,
 * all rows that have it are passed over.
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
  const slips = new Uint8Array(width * (DEEPEST + 1))
  // At each depth: the fewest slips with which the text was found so far, the last letter, and the depth before it.
  const found = new Uint8Array(DEEPEST + 1).fill(255)
  const letters = new Uint8Array(DEEPEST + 1)
  const depthsBefore = new Int16Array(DEEPEST + 1).fill(-1)
  for (let place = 0; place < width; place += 1) slips[place] = place
  let dead = DEEPEST + 1
  for (let row = from; row < until; row += 1) {
    const shared = row === from ? 0 : (rows.common[row] ?? 0)
    if (shared >= dead) {
      if ((found[dead] ?? 255) <= most) tell(row, found[dead] ?? 0, false)
      continue
    }
    dead = DEEPEST + 1
    let depth = shared
    for (let letter = rows.byteAt(row, depth); letter !== 0; letter = rows.byteAt(row, depth)) {
      if (depth === DEEPEST - 1) break
      const least = letter === BLANK ? copy(depth) : reckon(depth, letter)
      depth += 1
      const here = slips[depth * width + width - 1] ?? 255
      found[depth] = Math.min(found[depth - 1] ?? 255, here)
      if (least > most) {
        dead = depth
        break
      }
    }
    const whole = dead > DEEPEST ? (slips[depth * width + width - 1] ?? 255) : 255
    const begun = found[depth] ?? 255
    if (whole <= most && whole <= begun) tell(row, whole, true)
    else if (begun <= most) tell(row, begun, false)
  }

  function copy(depth: number): number {
    slips.copyWithin((depth + 1) * width, depth * width, (depth + 1) * width)
    letters[depth + 1] = letters[depth] ?? 0
    depthsBefore[depth + 1] = depthsBefore[depth] ?? -1
    return 0
  }

  /** One more letter of the row (Damerau and Levenshtein, neighbours exchanged once). @returns the fewest slips at this depth. */
  function reckon(depth: number, letter: number): number {
    const above = depth * width
    const here = above + width
    const earlier = (depthsBefore[depth] ?? -1) * width
    const last = letters[depth] ?? 0
    let least = (slips[here] = (slips[above] ?? 0) + 1)
    for (let place = 1; place < width; place += 1) {
      const isSame = wanted[place - 1] === letter
      let fewest = (slips[above + place - 1] ?? 0) + (isSame ? 0 : 1)
      fewest = Math.min(fewest, (slips[above + place] ?? 0) + 1, (slips[here + place - 1] ?? 0) + 1)
      if (earlier >= 0 && place > 1 && last === wanted[place - 1] && wanted[place - 2] === letter)
        fewest = Math.min(fewest, (slips[earlier + place - 2] ?? 0) + 1)
      slips[here + place] = fewest
      if (fewest < least) least = fewest
    }
    letters[depth + 1] = letter
    depthsBefore[depth + 1] = depth
    return least
  }
}
