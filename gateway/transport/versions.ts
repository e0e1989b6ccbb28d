import { StratesError } from '../../core/observations/error.ts'
import { subgraphUnavailable, type SubgraphTransport } from './transport.ts'

/**
 * The version of the data from which all subgraphs can answer: the newest that all of them hold; where there is none, the
 * newest of those that most of them hold. Undefined where no subgraph tells its versions. It changes only when one of them does, and is then
 * found out anew.
 */
export function createPin(transports: () => Iterable<SubgraphTransport>): () => string | undefined {
  let seen: readonly (readonly string[])[] = []
  let pinned: string | undefined
  return () => {
    if (isAsSeen()) return pinned
    seen = [...transports()].map((transport) => transport.versions())
    return (pinned = commonVersion(seen.filter((versions) => versions.length > 0)))
  }

  /** Asked for each request: it makes no lists. */
  function isAsSeen(): boolean {
    let index = 0
    for (const transport of transports()) if (transport.versions() !== seen[index++]) return false
    return index === seen.length
  }
}

/** Each list has the newest first. */
function commonVersion(held: readonly (readonly string[])[]): string | undefined {
  const holders = (version: string) => held.filter((versions) => versions.includes(version)).length
  const versions = [...new Set(held.flat())]
  const most = Math.max(0, ...versions.map(holders))
  const age = (version: string) => held.reduce((sum, list) => sum + Math.max(0, list.indexOf(version)), 0)
  return versions.filter((version) => holders(version) === most).toSorted((left, right) => age(left) - age(right))[0]
}

/** How often subgraphs over HTTP are asked which versions they hold, and how long the first question may hold up the start. */
const ASKED_EVERY_MS = 1000

/** Told how each look at a subgraph ended: with an error where it did not answer. */
export type OnLook = (subgraph: string, ms: number, error: StratesError | undefined) => void

/**
 * Asks subgraphs, by their names, again and again which versions of the data they hold: an answer kept by the gateway asks none of
 * them. A subgraph that answers and tells no version is of another make, and is left alone.
 * @returns once all of them answered, or a second later: how to stop.
 */
export async function watchVersions(
  transports: Iterable<readonly [string, SubgraphTransport]>,
  tell: OnLook = () => {},
): Promise<() => void> {
  const watched = new Map([...transports].filter(([, { refresh }]) => refresh !== undefined))
  let isStopped = false
  const timer = setInterval(() => void askAll(), ASKED_EVERY_MS)
  timer.unref()
  await askAll()
  return () => {
    isStopped = true
    clearInterval(timer)
  }

  async function askAll(): Promise<void> {
    await Promise.all([...watched].map(askOne))
  }

  async function askOne([name, transport]: readonly [string, SubgraphTransport]): Promise<void> {
    const begun = performance.now()
    const error = await look(name, transport)
    if (isStopped) return
    // It may be starting: asked again at the next turn.
    if (error === undefined && transport.versions().length === 0) watched.delete(name)
    tell(name, performance.now() - begun, error)
  }
}

async function look(subgraph: string, { refresh }: SubgraphTransport): Promise<StratesError | undefined> {
  try {
    await refresh?.(AbortSignal.timeout(ASKED_EVERY_MS))
    return undefined
  } catch (cause) {
    if (cause instanceof StratesError) return cause
    const what = `did not answer within ${ASKED_EVERY_MS / 1000} s`
    return subgraphUnavailable({ subgraph, reason: 'TIMEOUT', what, cause })
  }
}
