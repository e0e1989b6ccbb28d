import { join } from 'node:path'
import type { DataVersion } from '../../../core/observations/history.ts'
import type { Store } from '../../../core/store/open.ts'
import { VERSIONS_FOLDER } from '../../../core/store/current.ts'
import type { SentFile } from '../file.ts'
import { createCorrespondence } from './correspondence.ts'
import { createDeltas, type Delta } from './delta.ts'
import { createTables } from './tables.ts'

/** Whole tables as files, under `/v1/feeds/`. */
export interface Feeds {
  /** Every file there is. */
  readonly list: readonly FeedEntry[]
  /** The versions of the data that the store remembers, oldest first. */
  readonly versions: readonly DataVersion[]
  /**
   * A file by name; undefined where there is none.
   * @param pay takes the points that making it costs, where it is made when it is asked; it throws where the client has not as many.
   */
  find(name: string, pay: (points: number) => void): Promise<SentFile | undefined>
  /** What changed in a file since a version of the data. */
  since(name: string, version: string): Promise<Delta>
}

/** A file of the list. */
export interface FeedEntry {
  readonly name: string
  readonly title: string
  readonly mediaType: string
  /** Its size; unknown where it is made when it is asked. */
  readonly bytes?: number
  readonly rows?: number
  /** The dataset that gives the figures, where it is one. */
  readonly dataset?: string
  readonly tier?: string
  readonly measures?: readonly string[]
  readonly periods?: readonly number[]
  readonly licence: string
  /** The name of the description of its columns, where there is one. */
  readonly schema?: string
}

/** The feeds of a store: what publish wrote, and the tables of correspondence between the communes of any two COG vintages. */
export function createFeeds(store: Store): Feeds {
  const parts = [createTables(store), createCorrespondence(store)]
  return {
    list: parts.flatMap(({ list }) => list),
    versions: store.versions,
    async find(name, pay) {
      for (const part of parts) {
        const file = await part.find(name, pay)
        if (file !== undefined) return file
      }
      return undefined
    },
    since: createDeltas(store, (version) => join(store.folder, '..', '..', VERSIONS_FOLDER, version)),
  }
}
