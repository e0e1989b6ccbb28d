import { FEED_COLUMNS, FEED_KEY, type FeedFormat } from '../../../core/observations/feed.ts'
import type { FeedRecord } from '../../../core/store/feeds.ts'
import type { DatasetRecord } from '../../../core/store/manifest.ts'
import type { Store } from '../../../core/store/open.ts'
import { MEDIA_TYPES, textFile, type SentFile } from '../file.ts'
import { tableSchemaOf } from '../tables/formats/tableSchema.ts'
import type { Feeds } from './feeds.ts'
import { packedFile } from './packedFile.ts'

/** The feeds that publish wrote, each with the description of its columns. */
export function createTables(store: Store): Pick<Feeds, 'list' | 'find'> {
  const { feeds, dataVersion } = store.feeds
  const datasets = new Map(store.manifest.datasets.map((dataset) => [dataset.id, dataset]))
  const described = feeds.flatMap((feed) => {
    const dataset = datasets.get(feed.dataset)
    return dataset === undefined ? [] : [{ feed, dataset }]
  })
  const list = described.flatMap(({ feed, dataset }) =>
    feed.files.map(({ format, bytes }) => ({
      name: `${feed.name}.${format}`,
      title: titleOf(feed, dataset),
      mediaType: MEDIA_TYPES[format],
      bytes,
      rows: feed.rows,
      dataset: feed.dataset,
      tier: feed.tier,
      measures: feed.measures,
      periods: feed.periods,
      licence: dataset.licence.url,
      schema: `${feed.name}.schema.json`,
    })),
  )

  async function find(name: string): Promise<SentFile | undefined> {
    for (const { feed, dataset } of described) {
      if (name === `${feed.name}.schema.json`) return schemaOf(feed, dataset, dataVersion)
      const file = feed.files.find(({ format }) => name === `${feed.name}.${format}`)
      if (file !== undefined) return packedFile(store.folder, file, factsOf(feed, file.format, dataset, dataVersion))
    }
    return undefined
  }

  return { list, find }
}

/** What a response says of a feed, the whole of it or what changed. */
export const factsOf = (
  feed: FeedRecord,
  format: FeedFormat,
  { licence, simulated }: DatasetRecord,
  dataVersion: string,
) => ({
  name: `${feed.name}.${format}`,
  mediaType: MEDIA_TYPES[format],
  links: [
    `<${licence.url}>; rel="license"`,
    `</v1/feeds/${feed.name}.schema.json>; rel="describedby"; type="application/json"`,
  ],
  headers: { 'strates-data-version': dataVersion, ...(simulated && { 'strates-simulated': 'true' }) },
})

/** The columns as a Table Schema, with what one must know to use the file. */
function schemaOf(feed: FeedRecord, dataset: DatasetRecord, dataVersion: string): SentFile {
  const { id, title, url } = dataset.licence
  const schema = {
    name: feed.name,
    title: titleOf(feed, dataset),
    description: dataset.description,
    ...tableSchemaOf({ columns: FEED_COLUMNS }),
    primaryKey: FEED_KEY,
    licenses: [{ name: id, title, path: url }],
    sources: [{ title: dataset.attribution, path: dataset.sourceUrl }],
    simulated: dataset.simulated,
    rows: feed.rows,
    dataVersion,
  }
  return textFile(`${feed.name}.schema.json`, 'application/json; charset=utf-8', `${JSON.stringify(schema, null, 1)}\n`)
}

const TIER_WORDS: Readonly<Record<string, string>> = {
  COMMUNE: 'every commune',
  EPCI: 'every EPCI',
  DEPARTEMENT: 'every département',
  REGION: 'every région',
  NATION: 'the nation',
  GROUPING: 'every grouping',
}

const titleOf = ({ tier, periods }: FeedRecord, { title, simulated }: DatasetRecord): string =>
  `${simulated ? 'Simulated, not official: ' : ''}${title}: ${TIER_WORDS[tier] ?? tier}, ${periods[0]}–${periods.at(-1)}`
