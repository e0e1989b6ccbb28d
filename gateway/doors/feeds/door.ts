import { FEED_FORMATS } from '../../../core/observations/feed.ts'
import { payerOf, type Pay } from '../../guard/bill.ts'
import { PRICES, priceOfBytes } from '../../guard/limits.ts'
import { isKnown, type AppRequest, type AppResponse } from '../../http/message.ts'
import { json, problem } from '../../http/respond.ts'
import type { Log } from '../../log.ts'
import type { Visit } from '../../routes.ts'
import { REVALIDATED, sendFile, textFile, watched } from '../file.ts'
import { atomOf } from './atom.ts'
import type { Feeds } from './feeds.ts'

const ROOT = '/v1/feeds/'

/** Answers what is under `/v1/feeds/`: the list, a file, what changed in it, the versions of the data. */
export async function answerFeed(visit: Visit, feeds: Feeds | undefined, log: Log): Promise<AppResponse> {
  const { request, url, requestId, origin } = visit
  const pay = payerOf(visit)
  pay(PRICES.least)
  if (feeds === undefined) {
    const detail = 'This gateway asks its subgraphs over HTTP and has no store of its own. Ask one that npm start runs.'
    return problem(404, 'No feeds here', detail)
  }
  const name = url.pathname.slice(ROOT.length)
  const stray = strayIn(url, name)
  if (stray !== undefined) return noSuchParameter(stray, name)
  if (name === '') return answerList(feeds, origin, pay)
  if (name === 'versions.atom') return answerVersions(feeds, request, origin, pay)
  const since = url.searchParams.getAll('since')
  const response =
    since.length > 0 ? await answerDelta(feeds, request, name, since, pay) : await answerFile(feeds, request, name, pay)
  return watched(response, (err) => log.error({ requestId, err }, 'a feed broke off'))
}

/** A parameter that is none of a feed's: a misspelt one would send the whole file. */
const strayIn = ({ searchParams }: URL, name: string): string | undefined =>
  [...searchParams.keys()].find((key) => key !== 'since' || name === '' || name === 'versions.atom')

function noSuchParameter(key: string, name: string): AppResponse {
  const taken = 'A file of a dataset takes since, a data version, and no other: ' + ROOT + '<name>.csv?since=<version>.'
  return problem(400, 'No such parameter', `${ROOT}${name} takes no parameter ${JSON.stringify(key)}. ${taken}`)
}

function answerList({ list }: Feeds, origin: string, pay: Pay): AppResponse {
  pay(PRICES.page - PRICES.least)
  const hrefOf = (name: string) => `${origin}${ROOT}${name}`
  return json(
    list.map(({ schema, ...feed }) => ({
      ...feed,
      href: hrefOf(feed.name),
      ...(schema !== undefined && { schema: hrefOf(schema) }),
    })),
  )
}

const answerVersions = ({ versions }: Feeds, request: AppRequest, origin: string, pay: Pay): Promise<AppResponse> =>
  sendFile(textFile('versions.atom', 'application/atom+xml; charset=utf-8', atomOf(versions, origin)), request, pay)

async function answerFile(feeds: Feeds, request: AppRequest, name: string, pay: Pay): Promise<AppResponse> {
  const file = await feeds.find(name, pay)
  return file === undefined ? noSuchFeed(feeds, name) : sendFile(file, request, pay)
}

async function answerDelta(
  feeds: Feeds,
  request: AppRequest,
  name: string,
  [since = '', ...more]: readonly string[],
  pay: Pay,
): Promise<AppResponse> {
  if (!/^[0-9a-f]{16}$/.test(since) || more.length > 0) {
    const detail = `since takes one data version of 16 hexadecimal digits, such as ${feeds.versions.at(-1)?.dataVersion}: the column data_version of a file, or the header Strates-Data-Version.`
    return problem(400, 'No data version', detail)
  }
  const delta = await feeds.since(name, since)
  switch (delta.kind) {
    case 'NO_SUCH_FEED':
      return feeds.list.some((feed) => name === feed.name || name === feed.schema)
        ? problem(
            400,
            'No changes of this file',
            `What changed is told of the feeds of datasets only. Take ${ROOT}${name} whole.`,
          )
        : noSuchFeed(feeds, name)
    case 'NO_SUCH_FORMAT':
      return problem(
        400,
        'No changes in this format',
        `What changed is told as CSV or NDJSON. Ask ${ROOT}${name.replace(/parquet$/, 'csv')}?since=${since}, or take ${ROOT}${name} whole.`,
      )
    case 'UNKNOWN_VERSION': {
      const known = [...new Set(feeds.versions.map(({ dataVersion }) => dataVersion))]
      const detail = `This store never held the data version ${since}, or forgot it. It remembers ${known.join(', ')}: ${ROOT}versions.atom. Take ${ROOT}${name} whole.`
      return problem(404, 'Unknown data version', detail, { versions: known })
    }
    case 'NOT_HELD': {
      const detail = `The figures of the data version ${since} are not held any more. Changes can be asked since ${delta.held.join(', ')}. Take ${ROOT}${name} whole.`
      return problem(410, 'Data version not held', detail, { versions: delta.held })
    }
    case 'CHANGES': {
      const { file, pieces, isSame, bytes } = delta
      const told = { etag: file.etag, ...REVALIDATED, link: file.links.join(', '), ...file.headers }
      if (isKnown(request, file.etag)) return { status: 304, headers: told, body: '' }
      if (request.method !== 'HEAD') pay(isSame ? PRICES.page - PRICES.least : PRICES.delta + priceOfBytes(bytes))
      const headers = {
        ...told,
        'content-type': file.mediaType,
        'content-disposition': `attachment; filename="${file.name}"`,
      }
      return { status: 200, headers, body: '', stream: { pieces } }
    }
  }
}

function noSuchFeed({ list }: Feeds, name: string): AppResponse {
  const stem = name.replace(/\.[^.]*$/, '')
  const formats = list.filter((feed) => feed.name.startsWith(`${stem}.`)).map((feed) => feed.name)
  const ofMeasure = list.filter((feed) => feed.measures?.some((measure) => stem.startsWith(measure)))
  const others = ofMeasure.filter((feed) => feed.name.endsWith(`${stem.slice(stem.lastIndexOf('-'))}.csv`))
  const near = others.length > 0 ? others : ofMeasure.slice(0, FEED_FORMATS.length)
  if (formats.length > 0) {
    return problem(404, 'No such format', `There is no ${name}. There is ${formats.join(', ')}.`, { feeds: formats })
  }
  const isWithout = !list.some(({ measures }) => measures !== undefined)
  const hint = isWithout
    ? 'The tables of datasets were not written when this store was made (--no-feeds).'
    : near.length > 0
      ? `Feeds are named after the dataset that gives the figures: ${near.map((feed) => feed.name).join(', ')}.`
      : `There are ${list.length}, such as ${list[0]?.name} and ${list.at(-1)?.name}.`
  return problem(404, 'No such feed', `There is no feed ${name}. ${hint} ${ROOT} lists them.`)
}
