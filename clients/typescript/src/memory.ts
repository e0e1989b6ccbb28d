/** An answer as it came, with the tag that names it. */
export interface Kept {
  readonly etag: string
  readonly text: string
}

/** Answers that were read before, by address, so that the service only says that they still hold. */
export interface Memory {
  find(url: string): Kept | undefined
  keep(url: string, kept: Kept): void
}

/** Makes a memory of so many characters; what was not used for longest goes first. */
export function createMemory(characters: number): Memory {
  const entries = new Map<string, Kept>()
  let held = 0
  return { find, keep }

  function find(url: string): Kept | undefined {
    const kept = entries.get(url)
    if (kept === undefined) return undefined
    entries.delete(url)
    entries.set(url, kept)
    return kept
  }

  function keep(url: string, kept: Kept): void {
    drop(url)
    const size = sizeOf(url, kept)
    if (size > characters) return
    entries.set(url, kept)
    held += size
    for (const oldest of entries.keys()) {
      if (held <= characters) return
      drop(oldest)
    }
  }

  function drop(url: string): void {
    const kept = entries.get(url)
    if (kept === undefined) return
    entries.delete(url)
    held -= sizeOf(url, kept)
  }
}

const sizeOf = (url: string, { text }: Kept): number => url.length + text.length
