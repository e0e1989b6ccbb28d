import type { Store } from '../../../core/store/open.ts'
import { PRICES } from '../../guard/limits.ts'
import { MEDIA_TYPES, type SentFile } from '../file.ts'
import { TABLE_FORMATS, writeCorrespondence } from './correspondenceTable.ts'
import type { Feeds } from './feeds.ts'

const ATTRIBUTION =
  'INSEE, Code officiel géographique and populations de référence, via @etalab/decoupage-administratif'
const LICENCE_URL = 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/'

/** The most files kept in memory; the largest has some 2 MB. */
const MOST_KEPT = 12

/**
 * Tables of correspondence between the communes of any two COG vintages. They are made when they are asked: most of the 56 pairs
 * never are, and each takes a tenth of a second.
 */
export function createCorrespondence({
  atlas,
  timeline,
  manifest,
}: Pick<Store, 'atlas' | 'timeline' | 'manifest'>): Pick<Feeds, 'list' | 'find'> {
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
      licence: LICENCE_URL,
    })),
  )

  async function find(name: string, pay: (points: number) => void): Promise<SentFile | undefined> {
    const file = files.find((candidate) => candidate.name === name)
    if (file === undefined) return undefined
    const { from, to, format, title, mediaType } = file
    if (!kept.has(name)) pay(PRICES.file)
    const facts = {
      title,
      attribution: ATTRIBUTION,
      licence: LICENCE_URL,
      data_version: dataVersion,
      cog_vintages: `${from}, ${to}`,
    }
    const made = kept.get(name) ?? writeCorrespondence({ atlas, weigh: timeline.weigh }, { from, to }, format, facts)
    keep(name, made)
    const body = await made
    return {
      name,
      mediaType,
      links: [`<${LICENCE_URL}>; rel="license"`],
      headers: { 'strates-data-version': dataVersion },
      etag: `"${dataVersion}-${name}"`,
      bytes: body.byteLength,
      read: (first, last) => body.subarray(first, last + 1),
    }
  }

  /** The file asked for last is the last to be forgotten; one that failed is not kept. */
  function keep(name: string, made: Promise<Uint8Array>): void {
    kept.delete(name)
    kept.set(name, made)
    made.catch(() => kept.delete(name))
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
  }

  return { list: files.map(({ name, title, mediaType, licence }) => ({ name, title, mediaType, licence })), find }
}
