/** An object of an answer. */
export type Item = Record<string, unknown>

/**
 * Merges an object into another, in place: what both have as objects is merged too, lists of the same length entry by entry;
 * else the second has its way. The target keeps what it takes: the source is not to be used after.
 */
export function mergeInto(target: Item, source: Item): void {
  for (const key of Object.keys(source)) {
    // An answer in JSON may hold such a key; here it would be more than a key.
    if (key === '__proto__') continue
    target[key] = merged(target[key], source[key])
  }
}

/** What comes of two values of one key. The first is changed where both are objects or lists of one length. */
export function merged(own: unknown, given: unknown): unknown {
  if (typeof own !== 'object' || own === null || typeof given !== 'object' || given === null) return given
  if (Array.isArray(own) && Array.isArray(given)) {
    if (own.length !== given.length) return [...(own as unknown[]), ...(given as unknown[])]
    for (let index = 0; index < own.length; index += 1) own[index] = merged(own[index], given[index])
    return own
  }
  if (Array.isArray(own) || Array.isArray(given)) return given
  mergeInto(own as Item, given as Item)
  return own
}
