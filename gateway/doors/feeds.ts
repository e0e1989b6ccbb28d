import type { Store } from '../../core/store/open.ts'
import { TABLE_FORMATS, writeCorrespondence, type TableFormat } from './feedsTable.ts'

/** Whole tables as files, under `/v1/feeds/`. */
export interface Feeds {
  /** Every file there is. */
  readonly list: readonly FeedEntry[]
  /** A file by name; undefined where there is none. */
  read(name: string): Promise<FeedFile | undefined>
}

/** A file of the list. */
export interface FeedEntry {
  readonly name: string
  readonly title: string
  readonly mediaType: string
}

/** A file, and what a response says of it. */
export interface FeedFile extends FeedEntry {
  readonly body: Uint8Array
  /** Of content that never changes under it. */
  readonly etag: string
  readonly licenceUrl: string
}

const MEDIA_TYPES: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
}

const ATTRIBUTION =
  'INSEE, Code officiel géographique and populations de référence, via @etalab/decoupage-administratif'
const LICENCE_URL = 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/'

/** The most files kept in memory; the largest has some 2 MB. */
const MOST_KEPT = 12

/** The feeds of a store: tables of correspondence between the communes of any two COG vintages. */
export function createFeeds({ atlas, timeline, manifest }: Pick<Store, 'atlas' | 'timeline' | 'manifest'>): Feeds {
  const { dataVersion } = manifest
  const kept = new Map<string, Promise<Uint8Array>>()
  const pairs = atlas.years.flatMap((from) => atlas.years.filter((to) => to !== from).map((to) => ({ from, to })))
  const files = pairs.flatMap(({ from, to }) =>
    TABLE_FORMATS.map((format) => ({
      from,
      to,
      format,
      name: `correspondence-${from}-${to}.${format}`,
      title: `Communes of the COG ${from} and what they are in that of ${to}`,
      mediaType: MEDIA_TYPES[format],
    })),
  )

  async function read(name: string): Promise<FeedFile | undefined> {
    const file = files.find((candidate) => candidate.name === name)
    if (file === undefined) return undefined
    const { from, to, format, title, mediaType } = file
    const facts = {
      title,
      attribution: ATTRIBUTION,
      licence: LICENCE_URL,
      data_version: dataVersion,
      cog_vintages: `${from}, ${to}`,
    }
    const made = kept.get(name) ?? writeCorrespondence({ atlas, weigh: timeline.weigh }, { from, to }, format, facts)
    keep(name, made)
    return { name, title, mediaType, body: await made, etag: `"${dataVersion}-${name}"`, licenceUrl: LICENCE_URL }
  }

  /** The file asked for last is the last to be forgotten; one that failed is not kept. */
  function keep(name: string, made: Promise<Uint8Array>): void {
    kept.delete(name)
    kept.set(name, made)
    made.catch(() => kept.delete(name))
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  }

  return { list: files.map(({ name, title, mediaType }) => ({ name, title, mediaType })), read }
}
