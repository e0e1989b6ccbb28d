/** Texts in order, as bytes: one row a text, or a part of one that begins at a word. What a row belongs to is a number. */
export class SortedTexts {
  readonly #bytes: Uint8Array
  /** Where the text of each row begins; it ends at the next zero. */
  readonly #starts: Int32Array
  /** What each row belongs to. */
  readonly owners: Int32Array
  /** How many bytes each row has in common with the one before. */
  readonly common: Uint8Array

  /** @param texts small letters, digits and blanks. */
  constructor(texts: readonly string[], owners: readonly number[]) {
    const order = Array.from(texts, (_, row) => row).toSorted((left, right) => {
      const [one = '', other = ''] = [texts[left], texts[right]]
      return one < other ? -1 : one > other ? 1 : left - right
    })
    this.#bytes = new Uint8Array(texts.reduce((sum, { length }) => sum + length + 1, 0))
    this.#starts = new Int32Array(texts.length)
    this.owners = new Int32Array(texts.length)
    this.common = new Uint8Array(texts.length)
    let end = 0
    let before = ''
    for (const [row, position] of order.entries()) {
      const text = texts[position] ?? ''
      this.#starts[row] = end
      this.owners[row] = owners[position] ?? -1
      this.common[row] = commonOf(before, text)
      for (let place = 0; place < text.length; place += 1) this.#bytes[end + place] = text.charCodeAt(place)
      end += text.length + 1
      before = text
    }
    this.#next = [1, 2, 3].map((depth) => nextOf(this.common, depth))
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
