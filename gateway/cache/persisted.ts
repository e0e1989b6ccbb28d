import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SharedCache } from './shared.ts'

/** Documents that clients name by their hash (automatic persisted queries), as Apollo Server keeps them. */
export interface PersistedQueries {
  get(key: string): Promise<string | undefined>
  set(key: string, document: string): Promise<void>
  delete(key: string): Promise<boolean>
  /** The text of a document by its sha256, in hexadecimal. */
  textOf(hash: string): Promise<string | undefined>
}

/** The most bytes of documents kept in memory. */
const KEPT_BYTES = 16_000_000

/** What Apollo Server writes before a hash. */
const PREFIX = 'apq:'

/** Options of {@link createPersistedQueries}. */
export interface PersistedQueriesOptions {
  /** What all processes share. */
  readonly shared?: SharedCache | undefined
  /** Documents that are never forgotten, with their sha256. */
  readonly known?: readonly { readonly hash: string; readonly text: string }[]
}

/** Makes a store of documents, in memory and in what all processes share. */
export function createPersistedQueries({ shared, known = [] }: PersistedQueriesOptions = {}): PersistedQueries {
  const always = new Map(known.map(({ hash, text }) => [`${PREFIX}${hash}`, text]))
  const kept = new LRUCache<string, string>({ maxSize: KEPT_BYTES, sizeCalculation: (text) => text.length + 200 })

  async function get(key: string): Promise<string | undefined> {
    const document = always.get(key) ?? kept.get(key)
    if (document !== undefined) return document
    const text = await shared?.get(key)
    // Others write there too: a document under the hash of another would be answered in its name.
    if (text === undefined || `${PREFIX}${createHash('sha256').update(text).digest('hex')}` !== key) return undefined
    kept.set(key, text)
    return text
  }

  return {
    get,
    async set(key, document) {
      kept.set(key, document)
      shared?.set(key, document)
    },
    delete: async (key) => kept.delete(key),
    textOf: (hash) => get(`${PREFIX}${hash}`),
  }
}
