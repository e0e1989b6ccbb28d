import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { FEED_FORMATS, FEED_LAYOUT, feedName, type FeedFormat } from '../core/observations/feed.ts'
import { OWNERS } from '../core/observations/owner.ts'
import type { FeedFileRecord, FeedList, FeedRecord } from '../core/store/feeds.ts'
import { STORE_FILES } from '../core/store/manifest.ts'
import { openContent } from '../core/store/open.ts'
import { TIERS } from '../core/territories/code.ts'
import { createFeedParquet } from './feedParquet.ts'
import { feedRows, questionsOf, type FeedQuestion, type FeedRow } from './feedRows.ts'
import { createFeedText } from './feedText.ts'

/** Says that a version has no feeds. */
export async function writeNoFeeds(folder: string, dataVersion: string): Promise<void> {
  await writeList(folder, { layout: FEED_LAYOUT, dataVersion, feeds: [] })
}

/**
 * Writes the feeds of a version that is otherwise complete in its folder: every figure that each dataset gives, by tier, as CSV,
 * NDJSON and Parquet. The same version, times of retrieval and history give the same bytes.
 */
export async function writeFeeds(connection: DuckDBConnection, folder: string, dataVersion: string): Promise<void> {
  const store = await openContent(folder, dataVersion, OWNERS, async () => [])
  const feeds: FeedRecord[] = []
  for (const { id: dataset } of store.manifest.datasets.toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
    const questions = questionsOf(store, dataset)
    if (questions.length === 0) continue
    for (const tier of TIERS) {
      if (store.atlas.current.ofTier(tier).length === 0) continue
      const name = feedName(dataset, tier)
      const { rows, files } = await writeFeed(connection, folder, name, questions, feedRows(store, questions, tier))
      const measures = [...new Set(questions.map(({ measure }) => measure.id))]
      const periods = [...new Set(questions.map(({ period }) => period))].toSorted((left, right) => left - right)
      feeds.push({ name, dataset, tier, measures, periods, rows, files })
    }
  }
  await writeList(folder, { layout: FEED_LAYOUT, dataVersion, feeds })
}

const writeList = (folder: string, list: FeedList): Promise<void> =>
  writeFile(join(folder, STORE_FILES.feeds), `${JSON.stringify(list)}\n`)

async function writeFeed(
  connection: DuckDBConnection,
  folder: string,
  name: string,
  questions: readonly FeedQuestion[],
  rows: Iterable<FeedRow>,
): Promise<Pick<FeedRecord, 'rows' | 'files'>> {
  const pathOf = (format: FeedFormat) => join(folder, `.feed-${name}.${format}`)
  const csv = await createFeedText(pathOf('csv'), 'csv')
  const ndjson = await createFeedText(pathOf('ndjson'), 'ndjson')
  const parquet = await createFeedParquet(connection, questions)
  let count = 0
  for (const row of rows) {
    parquet.append(row)
    const writing = [csv.append(row), ndjson.append(row)]
    if (writing[0] !== undefined) await Promise.all(writing)
    count += 1
  }
  await parquet.writeTo(pathOf('parquet'))
  const facts: Readonly<Record<FeedFormat, Omit<FeedFileRecord, 'format' | 'file'>>> = {
    csv: await csv.close(),
    parquet: await factsOf(pathOf('parquet')),
    ndjson: await ndjson.close(),
  }
  const files = FEED_FORMATS.map((format) => {
    const { sha256 } = facts[format]
    return { format, file: STORE_FILES.feed(name, format, sha256), ...facts[format] }
  })
  for (const { format, file } of files) await rename(pathOf(format), join(folder, file))
  return { rows: count, files }
}

async function factsOf(path: string): Promise<Omit<FeedFileRecord, 'format' | 'file'>> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  const { size } = await stat(path)
  return { bytes: size, packedBytes: size, sha256: hash.digest('hex') }
}
