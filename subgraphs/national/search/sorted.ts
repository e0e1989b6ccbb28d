import type { Steps } from '../../kit/slices.ts'

/** Texts in order, as bytes: one row a text, or a part of one that begins at a word. What a row belongs to is a number. */
export class SortedTexts {
  readonly #bytes: Uint8Array
  /** Where the text of each row begins; it ends at the next zero. */
  readonly #starts: Int32Array
  /** What each row belongs to. */
  readonly owners: Int32Array
  /** How many bytes each row has in common with the one before. */
  readonly common: Uint8Array

  /** @param rows as {@link sortTexts} makes them. */
  constructor({ bytes, starts, owners, common }: Rows) {
    this.#bytes = bytes
    this.#starts = starts
    this.owners = owners
    this.common = common
    this.#next = [1, 2, 3].map((depth) => nextOf(common, depth))
  }

  /** The first row after another that has not as many bytes in common with it. */
  afterAlike(row: number, depth: number): number {
    const known = this.#next[depth - 1]
    if (known !== undefined) return known[row] ?? this.size
    let next = row + 1
    while (next < this.size && (this.common[next] ?? 0) >= depth) next += 1
    return next
  }

  /** Of each row, for beginnings of one, two and three bytes: the first row after it that begins otherwise. */
  readonly #next: readonly Int32Array[]

  /** How many rows there are. */
  get size(): number {
    return this.#starts.length
  }

  /** The byte of a row at a place; zero at its end. */
  byteAt(row: number, place: number): number {
    return this.#bytes[(this.#starts[row] ?? 0) + place] ?? 0
  }

  /** The text of a row. */
  textOf(row: number): string {
    const start = this.#starts[row] ?? 0
    return String.fromCharCode(...this.#bytes.subarray(start, this.#bytes.indexOf(0, start)))
  }

  /** The rows that begin with a text: from the first to before the second. */
  beginningWith(text: string): readonly [from: number, until: number] {
    return [this.#firstAfter(text, false), this.#firstAfter(text, true)]
  }

  /** The first row that is not before a text, or not before it and all that it begins. */
  #firstAfter(text: string, isPast: boolean): number {
    let [low, high] = [0, this.size]
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#compare(middle, text)
      if (order < 0 || (isPast && order === 0)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Zero where the row begins with the text. */
  #compare(row: number, text: string): number {
    const start = this.#starts[row] ?? 0
    for (let place = 0; place < text.length; place += 1) {
      const difference = (this.#bytes[start + place] ?? 0) - text.charCodeAt(place)
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** The columns of texts in order. */
interface Rows {
  readonly bytes: Uint8Array
  readonly starts: Int32Array
  readonly owners: Int32Array
  readonly common: Uint8Array
}

/** After how many rows the work may be interrupted. */
const AT_ONCE = 1000

/**
 * Puts texts in order, step by step: those that begin with the same two letters are sorted together, which takes a few milliseconds.
 * @param texts small letters, digits and blanks.
 * @param owners what each belongs to.
 */
export function* sortTexts(texts: readonly string[], owners: readonly number[]): Steps<SortedTexts> {
  const bytes = new Uint8Array(texts.reduce((sum, { length }) => sum + length + 1, 0))
  const rows = {
    bytes,
    starts: new Int32Array(texts.length),
    owners: new Int32Array(texts.length),
    common: new Uint8Array(texts.length),
  }
  let [row, end, before] = [0, 0, '']
  for (const positions of yield* byBeginning(texts)) {
    yield
    const order = positions.toSorted((left, right) => {
      const [one = '', other = ''] = [texts[left], texts[right]]
      return one < other ? -1 : one > other ? 1 : left - right
    })
    for (const position of order) {
      if (row % AT_ONCE === 0) yield
      const text = texts[position] ?? ''
      rows.starts[row] = end
      rows.owners[row] = owners[position] ?? -1
      rows.common[row] = commonOf(before, text)
      for (let place = 0; place < text.length; place += 1) bytes[end + place] = text.charCodeAt(place)
      end += text.length + 1
      before = text
      row += 1
    }
  }
  yield
  return new SortedTexts(rows)
}

/** The positions of texts by their first two letters, in their order. */
function* byBeginning(texts: readonly string[]): Steps<readonly (readonly number[])[]> {
  const found = new Map<string, number[]>()
  for (const [position, text] of texts.entries()) {
    if (position % AT_ONCE === 0) yield
    const beginning = text.slice(0, 2)
    const alike = found.get(beginning)
    if (alike) alike.push(position)
    else found.set(beginning, [position])
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, positions]) => positions)
}

function nextOf(common: Uint8Array, depth: number): Int32Array {
  const next = new Int32Array(common.length)
  let after = common.length
  for (let row = common.length - 1; row >= 0; row -= 1) {
    next[row] = after
    if ((common[row] ?? 0) < depth) after = row
  }
  return next
}

function commonOf(one: string, other: string): number {
  let length = 0
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(length)) length += 1
  return Math.min(length, 255)
}
