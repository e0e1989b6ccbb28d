/** What a look would do, without doing it: the same steps, into a store that is thrown away. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DatasetHistory, DataVersion } from '../../core/observations/history.ts'
import { CURRENT_FILE, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { STORE_FILES } from '../../core/store/manifest.ts'
import { SOURCES_FOLDER } from '../snapshot.ts'
import { openMemory, readOnly } from '../sources/memory.ts'
import { askAll, changedOf, ingestChanged, situationOf, targetIn, type RefreshInput } from './refresh.ts'

/** What would become of one dataset. */
export type Forecast = { readonly dataset: string } & (
  | { readonly kind: 'UNCHANGED' }
  /** Other bytes, and no other figure. */
  | { readonly kind: 'SAME_FIGURES' }
  | { readonly kind: 'PUBLISHED'; readonly news: News }
  | { readonly kind: 'QUARANTINED'; readonly why: string }
  /** It could not be asked. */
  | { readonly kind: 'FAILED'; readonly why: string }
)

/** What a version would bring of a dataset. */
export interface News {
  /** Whether the store has no official figure of it yet. */
  readonly isFirst: boolean
  readonly periodsAdded: readonly number[]
  readonly periodsRemoved: readonly number[]
  /** Values of territories and of their breakdowns; none is counted of a first version. */
  readonly added: number
  readonly revised: number
  readonly removed: number
}

/**
 * Asks every source, due or not, and says what a look would do. It writes nothing into the store.
 * @throws what an ingest throws beside a broken dataset.
 */
export async function rehearse(input: RefreshInput): Promise<readonly Forecast[]> {
  const { data } = input
  // What was refused before is tried again: who asks wants to know why.
  const before = { ...(await situationOf(input)), looks: [] }
  const scratch = await mkdtemp(join(tmpdir(), 'strates-check-'))
  try {
    const memory = readOnly(await openMemory(join(data, SOURCES_FOLDER)))
    const answers = await askAll(before.asked, input, before, { ...targetIn(scratch, input), memory })
    const changed = changedOf(answers, before)
    if (before.version !== undefined) await standIn(scratch, data, before.version)
    const spared = changed.size === 0 ? undefined : await ingestChanged(changed, input, before, scratch)
    const version = spared?.report?.dataVersion
    const newsOf =
      version === undefined || version === before.version ? () => undefined : await readNews(scratch, version)
    return answers.map((answer): Forecast => {
      const dataset = answer.found.descriptor.id
      const refused = spared?.broken.get(dataset)
      if ('error' in answer) return { dataset, kind: 'FAILED', why: (answer.error as Error).message }
      if (refused !== undefined) return { dataset, kind: 'QUARANTINED', why: `${refused.code}: ${refused.message}` }
      if (!changed.has(dataset)) return { dataset, kind: 'UNCHANGED' }
      const news = newsOf(dataset)
      return news === undefined ? { dataset, kind: 'SAME_FIGURES' } : { dataset, kind: 'PUBLISHED', news }
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Lets the current version of a store be the one before in another: nothing is copied, and nothing is written into it. */
async function standIn(scratch: string, data: string, version: string): Promise<void> {
  const versions = join(scratch, VERSIONS_FOLDER)
  await mkdir(versions, { recursive: true })
  await symlink(resolve(data, VERSIONS_FOLDER, version), join(versions, version), 'junction')
  await writeFile(join(scratch, CURRENT_FILE), `${version}\n`)
}

/** What a new version says that it changed. */
async function readNews(data: string, version: string): Promise<(dataset: string) => News | undefined> {
  const folder = join(data, VERSIONS_FOLDER, version)
  const versions = await readJson<readonly DataVersion[]>(join(folder, STORE_FILES.versions))
  const history = await readJson<DatasetHistory>(join(folder, STORE_FILES.history))
  return (dataset) => {
    const change = versions.at(-1)?.changes.find((one) => one.dataset === dataset)
    const newest = history[dataset]?.at(-1)
    if (change === undefined || newest === undefined || change.level === 'PATCH') return undefined
    const { added, revised, removed } = change
    return {
      isFirst: newest.level === 'FIRST',
      periodsAdded: newest.added.periods,
      periodsRemoved: newest.removed.periods,
      added,
      revised,
      removed,
    }
  }
}

const readJson = async <Content>(path: string): Promise<Content> => JSON.parse(await readFile(path, 'utf8')) as Content

/** What forecasts come to, worst first: a source could not be asked; something would be published or refused; nothing would. */
export function verdictOf(forecasts: readonly Pick<Forecast, 'kind'>[]): 'FAILED' | 'CHANGES' | 'NOTHING' {
  const kinds = new Set(forecasts.map(({ kind }) => kind))
  if (kinds.has('FAILED')) return 'FAILED'
  return kinds.has('PUBLISHED') || kinds.has('QUARANTINED') ? 'CHANGES' : 'NOTHING'
}

/** Forecasts in lines for a person. */
export const renderForecasts = (forecasts: readonly Forecast[]): readonly string[] =>
  forecasts.map((forecast) => `${forecast.dataset}: ${sentenceOf(forecast)}`)

function sentenceOf(forecast: Forecast): string {
  switch (forecast.kind) {
    case 'UNCHANGED':
      return 'unchanged'
    case 'SAME_FIGURES':
      return 'new bytes, the same figures: nothing would be published'
    case 'PUBLISHED':
      return `would be published: ${newsText(forecast.news)}`
    case 'QUARANTINED':
      return `would be quarantined: ${forecast.why}`
    case 'FAILED':
      return `could not be asked: ${forecast.why}`
  }
}

function newsText({ isFirst, periodsAdded, periodsRemoved, added, revised, removed }: News): string {
  const periods = (what: string, years: readonly number[]) =>
    years.length === 0 ? [] : [`periods ${what}: ${years.join(', ')}`]
  const counts = isFirst ? [] : [`${added} values added, ${revised} revised, ${removed} removed`]
  const parts = [...periods('added', periodsAdded), ...periods('removed', periodsRemoved), ...counts]
  return `${isFirst ? 'for the first time; ' : ''}${parts.join('; ')}`
}
