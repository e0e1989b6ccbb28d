/** What was taken from which address: by it a publisher is asked only whether a file changed. Kept beside the bytes. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Validators } from './download.ts'
import type { KeptBytes } from './keep.ts'

/** A file that was taken. */
export interface Taken {
  readonly kept: KeptBytes
  /** By what to tell whether it changed: what a server said of it, or the size and time of a file in a folder. */
  readonly marks: Validators & { readonly stamp?: string }
}

/** What is remembered of the files that were taken. */
export interface Memory {
  /** What was taken from an address last; undefined where that is unknown, or its bytes are gone. */
  recall(address: string): Promise<Taken | undefined>
  /** Notes what was taken, at once: a killed run has not asked in vain. */
  remember(address: string, taken: Taken): Promise<void>
}

/** The name of the file, in the folder of the untouched files. */
export const MEMORY_FILE = 'taken.json'

/** A file that was taken, as it is written down: its bytes lie under their hash. */
interface Entry {
  readonly sha256: string
  readonly bytes: number
  readonly extension: string
  readonly marks: Taken['marks']
}

/**
 * Opens the memory of a folder of untouched files; one that cannot be read is empty, and everything is taken anew.
 * @param folder the store's `sources/` folder.
 */
export async function openMemory(folder: string): Promise<Memory> {
  const path = join(folder, MEMORY_FILE)
  const entries = new Map(Object.entries(await readEntries(path)))

  return {
    async recall(address) {
      const entry = entries.get(address)
      if (entry === undefined) return undefined
      const { sha256, bytes, extension, marks } = entry
      const kept = { path: join(folder, `${sha256}${extension}`), bytes, sha256 }
      const found = await stat(kept.path).catch(() => undefined)
      return found?.size === bytes ? { kept, marks } : undefined
    },
    async remember(address, { kept: { sha256, bytes, path: at }, marks }) {
      entries.set(address, { sha256, bytes, extension: extname(at), marks })
      const temporary = join(folder, `.${MEMORY_FILE}-${process.pid}`)
      await mkdir(folder, { recursive: true })
      const sorted = [...entries].toSorted(([left], [right]) => (left < right ? -1 : 1))
      await writeFile(temporary, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`)
      await rename(temporary, path)
    },
  }
}

/** A memory that learns nothing: for a look that leaves no trace. */
export const readOnly = ({ recall }: Memory): Memory => ({ recall, remember: async () => {} })

async function readEntries(path: string): Promise<Record<string, Entry>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, Entry>
  } catch {
    return {}
  }
}
