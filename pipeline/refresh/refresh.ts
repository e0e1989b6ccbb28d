/**
 * A look at the sources that are due: what changed is ingested and published, once. Of a source that failed, that sent a file
 * of another shape, or the same figures in other bytes, what is held stays.
 */
import { join } from 'node:path'
import { freshnessOf } from '../../core/observations/freshness.ts'
import { StratesError } from '../../core/observations/error.ts'
import {
  nextLook,
  toldProblem,
  type LookOutcome,
  type Origin,
  type RefreshState,
  type SourceLook,
} from '../../core/observations/refresh.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { findFeedList } from '../../core/store/feeds.ts'
import type { Manifest } from '../../core/store/manifest.ts'
import { currentManifest } from '../../core/store/open.ts'
import { readRefresh } from '../../core/store/refresh.ts'
import type { FoundDescriptor } from '../descriptors.ts'
import type { IngestInput } from '../ingest.ts'
import { noteQuarantine } from '../quarantine.ts'
import { filesOfCurrentVersion, requestFor, SOURCES_FOLDER } from '../snapshot.ts'
import { boundariesOfCurrentVersion } from '../sources/boundaries.ts'
import type { EmbeddedCog } from '../sources/cog.ts'
import { openMemory } from '../sources/memory.ts'
import type { Progress } from '../sources/progress.ts'
import type { Source, SourceFile, SourceTarget } from '../sources/source.ts'
import { askSource, sightOf, type Answer } from './ask.ts'
import { ingestSparing, type Spared } from './sparing.ts'
import { withLooks, writeRefresh } from './state.ts'
import { tidySources } from './tidy.ts'

/** What a look works on. */
export interface RefreshInput {
  /** The folder of the store. */
  readonly data: string
  /** Read only where there is something to ingest: it takes seconds. */
  readonly cog: () => EmbeddedCog
  readonly descriptors: readonly FoundDescriptor[]
  /** Where newer files may be: the portal, or the folder of the origin. */
  readonly source: Source
  /** The data that comes with the software: never asked, always part of a version. */
  readonly embedded: Source
  readonly progress: Progress
  /** Where to look, where it is another place than last time. */
  readonly origin?: Origin | undefined
  /** The clock. */
  readonly now?: () => Date
  /** A number from 0 to 1, by chance. */
  readonly random?: () => number
  /** Told of each step. */
  readonly tell?: (step: string) => void
}

/** What came of a look. */
export interface Refreshed {
  /** The sources that were asked. */
  readonly looks: readonly SourceLook[]
  /** The version that was published; absent where there was nothing to publish. */
  readonly published?: string
}

/**
 * Asks the sources that are due, and publishes what changed. Only for whoever holds the lock of the store.
 * @throws what an ingest throws beside a broken dataset, after writing down that the look failed.
 */
export async function refresh(input: RefreshInput): Promise<Refreshed> {
  const { data, now = () => new Date(), tell = () => {} } = input
  const before = await situationOf(input)
  const due = before.asked.filter(({ descriptor }) => isDue(descriptor.id, before, now()))
  if (due.length === 0) return { looks: [] }
  const memory = await openMemory(join(data, SOURCES_FOLDER))
  const answers = await askAll(due, input, before, { ...targetIn(data, input), memory })
  const changed = changedOf(answers, before)
  const note = (looks: readonly SourceLook[]) =>
    writeRefresh(data, { origin: before.origin, looks: withLooks(before.looks, looks) })
  const settled = looksOf(answers, input, before, () => undefined)
  if (changed.size === 0) {
    await release(data, settled)
    await note(settled)
    return { looks: settled }
  }
  // An ingest that is killed has failed already.
  await note(
    looksOf(answers, input, before, (id) => (changed.has(id) ? { outcome: 'FAILED', error: UNFINISHED } : undefined)),
  )
  tell(`ingesting ${[...changed.keys()].join(', ')}`)
  try {
    const { report, broken } = await ingestChanged(changed, input, before, data)
    const isPublished = report !== undefined && report.dataVersion !== before.version
    const looks = looksOf(answers, input, before, (id) => {
      const refused = broken.get(id)
      if (!changed.has(id)) return undefined
      if (refused !== undefined) return { outcome: 'QUARANTINED', problem: refused }
      return { outcome: isPublished ? 'PUBLISHED' : 'SAME_FIGURES' }
    })
    const accepted = looks.filter(({ outcome }) => ACCEPTED.has(outcome)).map(({ dataset }) => dataset)
    await noteQuarantine(data, [...broken.values()], accepted)
    await release(
      data,
      settled.filter(({ dataset }) => !changed.has(dataset)),
    )
    await note(looks)
    if (isPublished) await tidySources(data)
    return { looks, ...(isPublished && { published: report.dataVersion }) }
  } catch (error) {
    await note(looksOf(answers, input, before, (id) => (changed.has(id) ? { outcome: 'FAILED', error } : undefined)))
    throw error
  }
}

const ACCEPTED: ReadonlySet<LookOutcome> = new Set(['PUBLISHED', 'SAME_FIGURES'])

const UNFINISHED = new StratesError({
  code: 'WORKER_DIED',
  what: 'The ingest did not come to its end',
  on: 'the files that changed',
  expected: 'an ingest that publishes, or says why not',
  remedy: 'It is tried again; what it wrote may say more. With SIGKILL: too little memory, perhaps.',
})

/** What is known before a look. */
export interface Situation {
  readonly origin: Origin
  readonly looks: RefreshState['looks']
  /** The datasets that have a source to ask. */
  readonly asked: readonly FoundDescriptor[]
  readonly version: string | undefined
  readonly manifest: Manifest | undefined
  /** The files of the current version; none of an invented one. */
  readonly held: ReadonlyMap<string, readonly SourceFile[]>
}

/** What is known before a look. */
export async function situationOf({ data, descriptors, origin }: RefreshInput): Promise<Situation> {
  const state = await readRefresh(data)
  const from = origin ?? state?.origin ?? { kind: 'portal' }
  // Elsewhere, what was learnt of a source is worth nothing.
  const isElsewhere = state !== undefined && JSON.stringify(state.origin) !== JSON.stringify(from)
  return {
    origin: from,
    looks: isElsewhere ? [] : (state?.looks ?? []),
    asked: descriptors.filter(
      ({ descriptor: { source } }) => source.kind === 'portal' || (source.kind === 'folder' && from.kind === 'folder'),
    ),
    version: await currentVersion(data).catch(() => undefined),
    manifest: await currentManifest(data),
    held: await filesOfCurrentVersion(data),
  }
}

/** Invented data gives way as a whole: where one source is due, all are. */
function isDue(dataset: string, { looks, manifest, asked }: Situation, now: Date): boolean {
  const isTime = (id: string): boolean => {
    const look = looks.find((one) => one.dataset === id)
    return look === undefined || Date.parse(look.nextAt) <= now.getTime()
  }
  return manifest?.simulated === true ? asked.some(({ descriptor }) => isTime(descriptor.id)) : isTime(dataset)
}

/** Asks the source of the situation. */
export function askAll(
  due: readonly FoundDescriptor[],
  { source }: RefreshInput,
  { held, origin }: Situation,
  target: SourceTarget,
): Promise<readonly Answer[]> {
  const since = origin.kind === 'portal' ? origin.since : undefined
  return askSource(due, { source, target, held, since })
}

export const targetIn = (data: string, { progress }: RefreshInput): SourceTarget => ({
  folder: join(data, SOURCES_FOLDER),
  progress,
})

/**
 * The files that were not dealt with yet, by dataset. Of a store of invented data nothing counts as changed before all sources
 * answered: official and invented figures never meet, and half of the official ones would be a step back.
 */
export function changedOf(
  answers: readonly Answer[],
  { looks, held, manifest }: Situation,
): ReadonlyMap<string, readonly SourceFile[]> {
  const changed = new Map<string, readonly SourceFile[]>()
  const isInvented = manifest?.simulated === true
  if (isInvented && answers.some((answer) => 'error' in answer)) return changed
  let hasNews = false
  for (const answer of answers) {
    if ('error' in answer || answer.files.length === 0) continue
    const { id } = answer.found.descriptor
    const last = looks.find(({ dataset }) => dataset === id)
    const wasDealtWith = last?.seen === answer.seen && (!isInvented || last.outcome === 'QUARANTINED')
    const isNew = !wasDealtWith && answer.seen !== sightOf(held.get(id) ?? [])
    hasNews ||= isNew
    if (isNew || isInvented) changed.set(id, answer.files)
  }
  return hasNews ? changed : new Map()
}

/** Makes a version of the files that changed and, of everything else, those of the version before. */
export async function ingestChanged(
  changed: ReadonlyMap<string, readonly SourceFile[]>,
  input: RefreshInput,
  { held, version }: Situation,
  target: string,
): Promise<Spared> {
  const { data, cog, descriptors, embedded, now, tell } = input
  const files = new Map([...held, ...changed])
  const absent = new Map<string, string>()
  for (const { descriptor } of descriptors) {
    if (descriptor.source.kind === 'cog')
      files.set(descriptor.id, await embedded.fetch(requestFor(descriptor, {}), targetIn(target, input)))
    if ((files.get(descriptor.id) ?? []).length === 0) absent.set(descriptor.id, 'no file of it was ever taken')
  }
  const ingested: IngestInput = {
    data: target,
    cog: cog(),
    descriptors,
    files,
    absent,
    simulated: false,
    boundaries: await boundariesOfCurrentVersion(data, join(data, SOURCES_FOLDER)),
    feeds: await hasFeeds(data, version),
    onlyNews: true,
    ...(now && { now }),
    ...(tell && { tell }),
  }
  return await ingestSparing(ingested, { fallback: held, news: new Set(changed.keys()) })
}

/** Who wants no whole tables is not given them by a look. */
async function hasFeeds(data: string, version: string | undefined): Promise<boolean> {
  if (version === undefined) return true
  const list = await findFeedList(join(data, VERSIONS_FOLDER, version))
  return list === undefined || list.feeds.length > 0
}

/** How one look ended, where it is not simply that nothing changed. */
interface Ending {
  readonly outcome: LookOutcome
  readonly error?: unknown
  readonly problem?: { readonly code: string; readonly message: string }
}

/** One look for each answer. @param endingOf how it ended; undefined where there was nothing new. */
function looksOf(
  answers: readonly Answer[],
  input: RefreshInput,
  before: Situation,
  endingOf: (dataset: string) => Ending | undefined,
): readonly SourceLook[] {
  const { now = () => new Date(), random = Math.random } = input
  const at = now()
  return answers.map((answer): SourceLook => {
    const { descriptor } = answer.found
    const last = before.looks.find(({ dataset }) => dataset === descriptor.id)
    const error = 'error' in answer ? answer.error : undefined
    const ending = error === undefined ? endingOf(descriptor.id) : { outcome: 'FAILED' as const, error }
    const isFailed = ending?.outcome === 'FAILED'
    const failures = isFailed ? (last?.failures ?? 0) + 1 : 0
    const seen = 'error' in answer || isFailed ? (last?.seen ?? '') : answer.seen
    const isRefused = ending === undefined && last?.outcome === 'QUARANTINED' && last.seen === seen
    const facts = {
      updateFrequency: descriptor.updateFrequency,
      nextExpected: expectedOf(answer, before, at),
      failures,
      retryAfterMs: retryAfterOf(error),
      isFolder: before.origin.kind === 'folder',
    }
    return {
      dataset: descriptor.id,
      askedAt: at.toISOString(),
      answeredAt: error === undefined ? at.toISOString() : (last?.answeredAt ?? null),
      changedAt: ending?.outcome === 'PUBLISHED' ? at.toISOString() : (last?.changedAt ?? null),
      // A file that was refused stays refused for as long as it is the same.
      outcome: isRefused ? 'QUARANTINED' : (ending?.outcome ?? 'UNCHANGED'),
      problem: isRefused ? last.problem : problemOf(ending),
      failures,
      nextAt: nextLook(facts, at, random()).toISOString(),
      seen,
    }
  })
}

function problemOf(ending: Ending | undefined): SourceLook['problem'] {
  if (ending?.problem) return { code: ending.problem.code, message: ending.problem.message }
  return ending?.outcome === 'FAILED' ? toldProblem(ending.error) : null
}

/** When the publisher is expected to have something newer than what is held. */
function expectedOf({ found: { descriptor } }: Answer, { manifest, held }: Situation, now: Date): string | null {
  const record = manifest?.datasets.find(({ id }) => id === descriptor.id)
  if (record === undefined || record.simulated || record.snapshots.length === 0) return null
  const { updateFrequency, publishedWithin, periods } = record
  const retrievedAt = held.get(descriptor.id)?.[0]?.retrievedAt || now.toISOString()
  const facts = { updateFrequency, publishedWithin, newestPeriod: periods.at(-1) ?? null, retrievedAt }
  return freshnessOf(facts, now).nextExpected
}

function retryAfterOf(error: unknown): number | undefined {
  const asked = error instanceof StratesError ? error.facts.details?.['retryAfterMs'] : undefined
  return typeof asked === 'number' ? asked : undefined
}

/** Ends the quarantine of datasets whose publisher came back to the files that are served. */
async function release(data: string, looks: readonly SourceLook[]): Promise<void> {
  const current = await filesOfCurrentVersion(data)
  const back = looks.filter(({ dataset, seen }) => current.has(dataset) && seen === sightOf(current.get(dataset) ?? []))
  if (back.length > 0)
    await noteQuarantine(
      data,
      [],
      back.map(({ dataset }) => dataset),
    )
}
