/** How many names of one kind are told apart. */
export const MOST_NAMES = 100

/** What names that clients choose are counted as: few enough, and free of what could tell a person. */
export interface Names {
  /**
   * The label of a name. The first hundred names seen have their own; what comes later, or may not be kept, is `other`.
   * @param takesPlace whether a new name may take one of the hundred.
   */
  labelOf(name: string, takesPlace: boolean): string
}

/** A kind of name. */
export interface NamesOptions {
  /** The label of no name. */
  readonly none: string
  /** The name as it is kept; undefined where it may not be. */
  readonly clean: (name: string) => string | undefined
}

/** Makes a table of names. */
export function createNames({ none, clean }: NamesOptions): Names {
  const labels = new Map<string, string>([['', none]])
  return {
    labelOf(name, takesPlace) {
      const known = labels.get(name)
      if (known !== undefined) return known
      if (!takesPlace || labels.size > MOST_NAMES) return OTHER
      const kept = clean(name)
      if (kept === undefined) return OTHER
      labels.set(name, kept)
      return kept
    },
  }
}

/** What is counted without its name. */
export const OTHER = 'other'

/** The name of an operation, as GraphQL has names; undefined for one that is too long. */
export const cleanOperation = (name: string): string | undefined =>
  /^[A-Za-z_]\w{0,63}$/.test(name) ? name : undefined

/** What a person or a secret may look like; what is in doubt counts as one. */
const TELLING: readonly RegExp[] = [
  // an e-mail address; `@scope/package` and `app@1.2` are none
  /\S@\S*[a-z]/i,
  // an IPv4 address, also as it stands in the names of hosts
  /\d(?:[._-]\d{1,3}){2}[._-]\d/,
  // an IPv6 address, or that of a network card
  /(?:[0-9a-f]{0,4}:){2,}/i,
  // a telephone number, a time, the number of a person
  /(?:\d[ ./-]?){9,}/,
  // a hash, a UUID
  /[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-/i,
  // a token: a long word, with digits in it or longer than words are
  /(?=[A-Za-z_]*\d)\w{20,}|\w{28,}/,
]

/** The name by which a client calls itself; undefined for one that may tell a person or a secret, or is no name. */
export function cleanClient(name: string): string | undefined {
  if (!/^[\w .:/@-]{1,64}$/.test(name) || TELLING.some((pattern) => pattern.test(name))) return undefined
  return name.trim() || undefined
}

/** The names of operations and clients of one gateway. */
export const operationNames = (): Names => createNames({ none: 'anonymous', clean: cleanOperation })
export const clientNames = (): Names => createNames({ none: 'unnamed', clean: cleanClient })
