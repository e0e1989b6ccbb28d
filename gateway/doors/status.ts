import { readFileSync } from 'node:fs'
import type { StratesError } from '../../core/observations/error.ts'
import { isSilent, type SourceLook } from '../../core/observations/refresh.ts'
import type { OwnerHealth } from '../engine/health.ts'
import { headerOf, type AppRequest, type AppResponse } from '../http/message.ts'
import { html } from '../http/respond.ts'
import { languageOf, prefersHtml } from './accept.ts'
import type { Execute } from './execute.ts'
import { PAGE_POLICY } from './page.ts'
import { statusPage } from './statusPage.ts'

/** The document that the status asks; it is also an example of its own. */
const OPERATION = readFileSync(new URL('../../operations/status.graphql', import.meta.url), 'utf8')

/**
 * In one word: `starting`, no query is answered yet; `degraded`, an owner, or the database of the store, does not answer; `stale`, the version or the supergraph
 * published last cannot be served or had, and the one before it is served; `quarantine`, the newest file of a dataset stands refused
 * and the version before serves; `silent`, a source has not answered for two weeks, so that nobody knows whether its data is the newest;
 * else `ok`.
 */
export type StatusWord = 'ok' | 'silent' | 'quarantine' | 'stale' | 'degraded' | 'starting'

/** What is held of one dataset, as its owner's catalogue tells. */
export interface DatasetStatus {
  readonly id: string
  readonly owner: { readonly id: string }
  readonly version: string
  readonly periods: readonly number[]
  /** When its files were taken; null where there is none. */
  readonly lastUpdate: string | null
  /** How long ago that was. */
  readonly ageSeconds: number | null
  readonly freshness: string
  readonly simulated: boolean
  readonly quarantine: readonly { readonly code: string; readonly message: string; readonly since: string }[]
}

/** One owner's subgraph, as calls of this process have shown it. */
export interface OwnerStatus extends OwnerHealth {
  readonly name: string
  /** The newest version of the data that it holds; null where it tells none. */
  readonly dataVersion: string | null
  /** Why it cannot read its store, the code of an error; null where it can, or where the store is that of this process. */
  readonly problem: string | null
}

/** What `/status` answers. */
export interface Status {
  readonly status: StatusWord
  readonly data: {
    readonly version: string | null
    readonly servedSince: string
    /** Why that is not the version published last; null where it is. */
    readonly problem: { readonly code: string; readonly message: string } | null
  }
  /** The supergraph that is followed; absent where it is that of this release. */
  readonly supergraph?: {
    readonly servedSince: string
    /** Why the file as it is now is not served; null where it is. */
    readonly problem: { readonly code: string; readonly message: string } | null
  }
  readonly owners: readonly OwnerStatus[]
  readonly process: { readonly uptimeSeconds: number; readonly workers?: number }
  /** Null when the owner of the catalogue does not answer. */
  readonly datasets: readonly DatasetStatus[] | null
  /** The last look at each source for newer files; empty where nobody looks. */
  readonly sources: readonly SourceStatus[]
}

/** The last look at the source of a dataset. */
export interface SourceStatus extends Omit<SourceLook, 'seen'> {
  /** Whether it has not answered for two weeks. */
  readonly silent: boolean
}

/** A supergraph that is followed. */
export interface SupergraphState {
  /** Since when it is served, in milliseconds since 1970. */
  readonly since: number
  /** What keeps the file as it is now from being served. */
  readonly problem: StratesError | undefined
}

/** What the status is made of. */
export interface StatusSources {
  /** Asks the catalogue; undefined as long as the engine starts. */
  readonly execute: Execute | undefined
  /** The subgraphs, with what calls have shown of each. Read after the catalogue was asked, which is a call too. */
  readonly subgraphs: () => readonly (OwnerHealth &
    Pick<OwnerStatus, 'name' | 'problem'> & { readonly versions: readonly string[] })[]
  readonly data: { readonly version: string | undefined; readonly since: number }
  /** What keeps the version published last from being served. */
  readonly problem: StratesError | undefined
  readonly supergraph: SupergraphState | undefined
  /** The last look at each source for newer files. */
  readonly looks: () => Promise<readonly SourceLook[]>
  readonly process: Status['process']
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What is held, who answers and what was refused: a page for people, JSON for machines. Answers with what is known, whatever is down. */
export async function answerStatus(request: AppRequest, url: URL, sources: StatusSources): Promise<AppResponse> {
  const status = await readStatus(sources)
  const accept = headerOf(request, 'accept')
  const told = { 'cache-control': 'no-store', vary: 'accept, accept-language' }
  if (!prefersHtml(accept)) {
    const headers = { 'content-type': 'application/json; charset=utf-8', ...told }
    return { status: 200, headers, body: JSON.stringify(status, null, 1) }
  }
  const language = languageOf(url.searchParams.get('lang'), headerOf(request, 'accept-language'))
  const page = html(statusPage(status, language, sources.now))
  return {
    ...page,
    headers: {
      ...page.headers,
      ...told,
      'content-language': language,
      'content-security-policy': PAGE_POLICY,
    },
  }
}

async function readStatus(given: StatusSources): Promise<Status> {
  const { execute, subgraphs, data, problem, supergraph, looks, process, now } = given
  const datasets = execute ? await readDatasets(execute, now) : null
  const owners = subgraphs().map(({ name, versions, ...health }) => ({
    name,
    ...health,
    dataVersion: shortVersion(versions[0]),
  }))
  const sources = (await looks()).map((look) => sourceOf(look, now))
  return {
    status: execute === undefined ? 'starting' : wordOf(owners, problem ?? supergraph?.problem, datasets, sources),
    data: {
      version: shortVersion(data.version),
      servedSince: new Date(data.since).toISOString(),
      problem: problemOf(problem),
    },
    ...(supergraph && {
      supergraph: {
        servedSince: new Date(supergraph.since).toISOString(),
        problem: problemOf(supergraph.problem),
      },
    }),
    owners,
    process,
    datasets,
    sources,
  }
}

const problemOf = (problem: StratesError | undefined) =>
  problem === undefined ? null : { code: problem.code, message: toldOf(problem) }

function sourceOf(look: SourceLook, now: number): SourceStatus {
  const { seen: _seen, ...told } = look
  return { ...told, silent: isSilent(look, now) }
}

/** For anybody to read: of a path on this machine, the version and the file; of an address, nothing of the machine that it names. */
function toldOf({ facts: { what, on, expected } }: StratesError): string {
  const within = on.replace(/^\w+:\/\/[^/]*\//, '')
  return `${what} (${within.split(/[\\/]/).slice(-2).join('/')}). Expected: ${expected}.`
}

function wordOf(
  owners: readonly OwnerStatus[],
  problem: StratesError | undefined,
  datasets: Status['datasets'],
  sources: Status['sources'],
): StatusWord {
  if (datasets === null || owners.some(({ state, problem }) => state === 'down' || problem !== null)) return 'degraded'
  if (problem?.code === 'DATABASE_UNREACHABLE') return 'degraded'
  if (problem !== undefined) return 'stale'
  if (datasets.some(({ quarantine }) => quarantine.length > 0)) return 'quarantine'
  return sources.some(({ silent }) => silent) ? 'silent' : 'ok'
}

async function readDatasets(execute: Execute, now: number): Promise<Status['datasets']> {
  const { data } = await execute(OPERATION)
  const { datasets } = (data ?? {}) as { readonly datasets?: readonly DatasetStatus[] | null }
  return datasets?.map((dataset) => ({ ...dataset, ageSeconds: ageOf(dataset.lastUpdate, now) })) ?? null
}

const ageOf = (time: string | null, now: number): number | null =>
  time === null ? null : Math.max(0, Math.round((now - Date.parse(time)) / 1000))

/** As clients see it: what comes after the dot tells apart when the same data was looked for. */
const shortVersion = (version: string | undefined): string | null => version?.split('.')[0] ?? null
