/** A value of an answer with what is told of it, as far as this door looks at it. */
export interface Figure {
  /** The keys that lead to it, joined by points. */
  readonly at: string
  readonly status: string
  readonly notes: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>

/** Whether an object is a value with its status and its source. */
export const isFigure = (object: Fields): boolean =>
  typeof object['status'] === 'string' && typeof object['provenance'] === 'object' && 'simulated' in object

/** Every figure of an answer, in its order. */
export function figuresIn(data: unknown, keys: readonly string[] = []): readonly Figure[] {
  if (Array.isArray(data)) return data.flatMap((entry) => figuresIn(entry, keys))
  if (typeof data !== 'object' || data === null) return []
  const object = data as Fields
  const below = Object.entries(object).flatMap(([key, value]) => figuresIn(value, [...keys, key]))
  return isFigure(object) ? [figureAt(object, keys), ...below] : below
}

const figureAt = ({ status, notes }: Fields, keys: readonly string[]): Figure => ({
  at: keys.join('.'),
  status: String(status),
  notes: Array.isArray(notes) ? notes.map(String) : [],
})
