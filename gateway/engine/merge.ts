/** An object of an answer. */
export type Item = Record<string, unknown>

/** The name of an object's type, which subgraphs with interface objects do not know. */
const TYPE = '__typename'

/**
 * Merges an object into another, in place: what both have as objects is merged too, lists of the same length entry by entry;
 * else the second has its way. The target keeps what it takes: the source is not to be used after.
 * @param interfaces the names of interfaces: an object that is known by its type is not called by one of them again.
 */
export function mergeInto(target: Item, source: Item, interfaces: ReadonlySet<unknown>): void {
  for (const key of Object.keys(source)) {
    // An answer in JSON may hold such a key; here it would be more than a key.
    if (key === '__proto__' || (key === TYPE && target[TYPE] != null && interfaces.has(source[TYPE]))) continue
    target[key] = merged(target[key], source[key], interfaces)
  }
}

/** What comes of two values of one key. The first is changed where both are objects or lists of one length. */
export function merged(own: unknown, given: unknown, interfaces: ReadonlySet<unknown> = NONE): unknown {
  if (typeof own !== 'object' || own === null || typeof given !== 'object' || given === null) return given
  if (Array.isArray(own) && Array.isArray(given)) {
    if (own.length !== given.length) return [...(own as unknown[]), ...(given as unknown[])]
    for (let index = 0; index < own.length; index += 1) own[index] = merged(own[index], given[index], interfaces)
    return own
  }
  if (Array.isArray(own) || Array.isArray(given)) return given
  mergeInto(own as Item, given as Item, interfaces)
  return own
}

const NONE: ReadonlySet<unknown> = new Set()
