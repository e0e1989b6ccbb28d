/**
 * Datasets of an Opendatasoft portal (Explore API v2.1), such as data.education.gouv.fr: the newest rentrées of a
 * dataset, one export each. https://help.opendatasoft.com/apis/ods-explore-v2/
 */
import { z } from 'zod'
import { StratesError } from '../../core/observations/error.ts'
import {
  createDownloader,
  CutShortError,
  patienceAsked,
  type Downloader,
  type DownloadOptions,
  RefusedError,
  type Wholeness,
  WrongContentError,
} from './download.ts'
import type { KeptBytes } from './keep.ts'
import { PrivateAddressError } from './publicAgent.ts'
import type { PortalLocator, Source, SourceFile, SourceRequest, SourceTarget } from './source.ts'

/** Options of the portal source: those of its downloads, and the clock that dates them and reads `Retry-After`. */
export interface PortalOptions extends DownloadOptions {
  readonly clock?: () => Date
}

/** One export to ask for: a year, or everything. */
interface Cut {
  readonly year?: number
  /** Rows the portal announces. */
  readonly rows?: number
}

const defaultPeriods = { newest: 3 }

/** Portals refuse a format they do not have in several ways. */
const refusals = [400, 404, 406, 501]

/**
 * A source that asks the portals named by descriptors. A host that does not answer its first request in time is not
 * asked again by this source: the other datasets fail at once, and the run can go on without it.
 */
export function createPortalSource({ clock = () => new Date(), ...options }: PortalOptions = {}): Source {
  const { now = () => clock().getTime(), longestWaitMs = 30_000 } = options
  const downloader = createDownloader({ ...options, now, longestWaitMs })
  const scheme = options.allowPrivate ? 'http' : 'https'
  const greeted = new Set<string>()
  const silent = new Map<string, unknown>()

  return {
    name: 'portal',
    async fetch(request, target) {
      const { portal } = request
      if (portal === undefined) return []
      const root = apiRoot(scheme, portal, request.datasetId)
      try {
        refuseSilent(portal.host)
        const cuts = await cutsOf(root, request, portal)
        const files: SourceFile[] = []
        for (const cut of cuts) files.push(await exportOf(downloader, root, cut, request, portal, target, clock))
        return files.sort((a, b) => (a.name < b.name ? -1 : 1))
      } catch (error) {
        const asked = patienceAsked(error, now())
        // A portal that wants to be left alone means all of its datasets.
        if (asked !== undefined && asked > longestWaitMs) silent.set(portal.host, error)
        throw explained(error, request.datasetId, root, asked)
      }
    },
    close: () => downloader.close(),
  }

  function refuseSilent(host: string): void {
    if (silent.has(host)) throw silent.get(host)
  }

  async function cutsOf(root: URL, request: SourceRequest, portal: PortalLocator): Promise<readonly Cut[]> {
    const question = portal.periodField === undefined ? root : facetsUrl(root, portal.periodField)
    const answer = await greet(question, portal.host)
    if (answer === undefined) return [{}]
    if (portal.periodField === undefined) return [{ ...rowsOf(answer) }]
    const years = yearsOf(answer, portal.periodField)
    return years.length === 0 ? [{}] : chosen(years, request.periods ?? defaultPeriods)
  }

  /** The first call to a host decides whether it is there at all; a refused question is no reason to give up. */
  async function greet(question: URL, host: string): Promise<unknown> {
    const isFirst = !greeted.has(host)
    try {
      const answer = await downloader.json(question, isFirst)
      greeted.add(host)
      return answer
    } catch (error) {
      if (error instanceof RefusedError) greeted.add(host)
      else if (isFirst) silent.set(host, error)
      if (error instanceof RefusedError && [400, 404].includes(error.status)) return undefined
      throw error
    }
  }
}

/** The page on which a person finds the dataset. */
export function portalPage({ host, datasetId }: PortalLocator): string {
  return `https://${host}/explore/dataset/${encodeURIComponent(datasetId)}/`
}

function apiRoot(scheme: string, { host, datasetId }: PortalLocator, dataset: string): URL {
  const url = `${scheme}://${host}/api/explore/v2.1/catalog/datasets/${encodeURIComponent(datasetId)}`
  if (/^([\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host) && URL.canParse(url)) return new URL(url)
  throw new StratesError({
    code: 'DESCRIPTOR_INVALID',
    what: `The portal "${host}" is not a host name`,
    on: dataset,
    expected: 'a host name alone, such as data.education.gouv.fr',
    remedy: 'Correct the source of the dataset in its descriptor.',
  })
}

function facetsUrl(root: URL, field: string): URL {
  const url = new URL(`${root.href}/facets`)
  url.searchParams.set('facet', field)
  return url
}

const facetsAnswer = z.object({
  facets: z.array(
    z.object({
      name: z.string(),
      facets: z.array(z.object({ name: z.coerce.string(), count: z.number().optional() })),
    }),
  ),
})

/** Years newest first. A year may be written `2025`, `2025-01-01` or `Rentrée 2025`. */
function yearsOf(answer: unknown, field: string): Required<Pick<Cut, 'year'>>[] & Cut[] {
  const parsed = facetsAnswer.safeParse(answer)
  const values = parsed.data?.facets.find(({ name }) => name === field)?.facets ?? []
  return values
    .flatMap(({ name, count }) => {
      const year = /\b(19|20)\d\d\b/.exec(name)?.[0]
      return year === undefined ? [] : [{ year: Number(year), ...(count === undefined ? {} : { rows: count }) }]
    })
    .sort((a, b) => b.year - a.year)
}

function chosen(
  years: readonly Required<Pick<Cut, 'year'>>[],
  periods: NonNullable<SourceRequest['periods']>,
): readonly Cut[] {
  return 'since' in periods ? years.filter(({ year }) => year >= periods.since) : years.slice(0, periods.newest)
}

const datasetAnswer = z.object({ metas: z.object({ default: z.object({ records_count: z.number() }) }) })

function rowsOf(answer: unknown): Pick<Cut, 'rows'> {
  const parsed = datasetAnswer.safeParse(answer)
  return parsed.success ? { rows: parsed.data.metas.default.records_count } : {}
}

/** Parquet where the portal has it, for its types and its end mark; CSV otherwise. */
async function exportOf(
  downloader: Downloader,
  root: URL,
  cut: Cut,
  request: SourceRequest,
  portal: PortalLocator,
  target: SourceTarget,
  clock: () => Date,
): Promise<SourceFile> {
  const stem = cut.year === undefined ? portal.datasetId : `${portal.datasetId}-${cut.year}`
  const keep = async (format: Wholeness['format']): Promise<SourceFile> => {
    const name = `${stem}.${format}`
    const whole = { format, ...(cut.rows === undefined ? {} : { rows: cut.rows }) }
    const kept = await latest(downloader, exportUrl(root, format, cut, portal), name, whole, target)
    return {
      datasetId: request.datasetId,
      name,
      url: portalPage(portal),
      ...kept,
      retrievedAt: clock().toISOString(),
      ...(cut.year === undefined ? {} : { period: cut.year }),
    }
  }
  try {
    return await keep('parquet')
  } catch (error) {
    if (!(error instanceof RefusedError && refusals.includes(error.status))) throw error
    return await keep('csv')
  }
}

/** The bytes remembered where the portal says that they are still the same; else those it sends. */
async function latest(
  downloader: Downloader,
  url: URL,
  name: string,
  whole: Wholeness,
  { memory, ...target }: SourceTarget,
): Promise<KeptBytes> {
  const before = await memory?.recall(url.href)
  const known = before && { known: before.marks }
  const sent = await downloader.file(url, name, whole, { ...target, ...known })
  if (sent === undefined && before !== undefined) return before.kept
  if (sent === undefined) throw new RefusedError(304)
  await memory?.remember(url.href, { kept: sent.kept, marks: sent.validators })
  return sent.kept
}

function exportUrl(root: URL, format: Wholeness['format'], { year }: Cut, { periodField }: PortalLocator): URL {
  const url = new URL(`${root.href}/exports/${format}`)
  if (format === 'csv') {
    url.searchParams.set('delimiter', ';')
    url.searchParams.set('use_labels', 'false')
  }
  if (year !== undefined && periodField !== undefined) url.searchParams.set('refine', `${periodField}:${year}`)
  return url
}

function explained(error: unknown, datasetId: string, url: URL, retryAfterMs: number | undefined): unknown {
  if (error instanceof StratesError || !(error instanceof Error)) return error
  const on = `${datasetId}, ${url.href}`
  const details = { datasetId, url: url.href }
  if (error instanceof CutShortError || error instanceof WrongContentError) {
    return new StratesError({
      code: 'SOURCE_UNREADABLE',
      what: `The portal sent no whole file: ${error.message}`,
      on,
      expected: 'a whole CSV or Parquet export',
      remedy: 'Try again later, or download the file by hand and give its folder with --from.',
      details,
      cause: error,
    })
  }
  return new StratesError({
    code: 'SOURCE_UNREACHABLE',
    what: `The portal cannot be reached: ${reason(error)}`,
    on,
    expected: 'a public https portal that answers',
    remedy: 'Check the network and its proxy, try again later, or give downloaded files with --from.',
    details: {
      ...details,
      ...(error instanceof RefusedError && { status: error.status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
    cause: error,
  })
}

function reason(error: Error): string {
  if (error instanceof PrivateAddressError) return error.message
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name)
}
