import { readFile, stat } from 'node:fs/promises'
import { parse as parseSchema } from 'graphql'
import { StratesError } from '../../core/observations/error.ts'

/** A supergraph that is served, and the file that it came from. */
export interface FollowedSupergraph {
  /** The text that is served. */
  current(): string
  /** Since when, in milliseconds since 1970. */
  since(): number
  /** Why the file as it is now is not served; undefined while it is. */
  problem(): StratesError | undefined
  /** Looks now whether the file changed, rather than at the next turn. */
  refresh(): Promise<void>
  /** Stops looking. */
  close(): void
}

/** Options of {@link followSupergraph}. */
export interface FollowOptions {
  readonly path: string
  /** What {@link firstSupergraph} found. */
  readonly first: FirstSupergraph
  /** Serves another text; what it rejects with is the problem, and the text before goes on being served. */
  readonly take: (sdl: string) => Promise<void>
  /** Told of each text that begins to be served, and of each that cannot be. */
  readonly report: (event: FollowEvent) => void
  /** How often to look, in milliseconds. Default 1000. */
  readonly everyMs?: number
  /** The clock, in milliseconds since 1970; default that of the machine. */
  readonly now?: () => number
}

/** What happens to a supergraph that is followed. */
export type FollowEvent =
  | { readonly kind: 'TAKEN'; readonly sdl: string; readonly before: string }
  | { readonly kind: 'REFUSED'; readonly error: StratesError }

/** With what a gateway starts. */
export interface FirstSupergraph {
  readonly sdl: string
  /** Of the file when it was read; empty where it was not. */
  readonly stamp: string
}

/** What a supergraph is, in the errors. */
const EXPECTED = 'a Federation 2 supergraph, as npm run compose -- --out FILE writes it'

/**
 * The supergraph to start with: what other workers serve, since that is known to be good, else the file.
 * @throws StratesError CONFIGURATION_INVALID when the file cannot be read or is no supergraph.
 */
export async function firstSupergraph(path: string, kept: string | undefined): Promise<FirstSupergraph> {
  if (kept !== undefined) return { sdl: kept, stamp: '' }
  const stamp = await stampOf(path)
  return { sdl: await readSupergraph(path), stamp }
}

/**
 * Follows the file of a supergraph: once a second it looks whether the file changed, and once it is the same at two looks in a row (who
 * writes it is done) reads it and serves it. What cannot be read or served is told, once, and what is served stays.
 */
export function followSupergraph(options: FollowOptions): FollowedSupergraph {
  const { path, first, take, report, everyMs = 1000, now = Date.now } = options
  let { sdl } = first
  let problem: StratesError | undefined
  let since = now()
  let read = first.stamp
  let seen = first.stamp
  let looking: Promise<void> | undefined
  const timer = setInterval(() => void refresh(), everyMs)
  timer.unref()

  return {
    current: () => sdl,
    since: () => since,
    problem: () => problem,
    refresh,
    close: () => clearInterval(timer),
  }

  /** One look at a time: who comes while one is under way waits for it. */
  function refresh(): Promise<void> {
    looking ??= look().finally(() => (looking = undefined))
    return looking
  }

  async function look(): Promise<void> {
    const stamp = await stampOf(path)
    const isSettled = stamp === seen
    seen = stamp
    if (!isSettled || stamp === read) return
    read = stamp
    try {
      const next = await readSupergraph(path)
      if (next !== sdl) await serve(next)
      problem = undefined
    } catch (error) {
      problem = asProblem(error, path)
      report({ kind: 'REFUSED', error: problem })
    }
  }

  async function serve(next: string): Promise<void> {
    await take(next)
    const before = sdl
    sdl = next
    since = now()
    report({ kind: 'TAKEN', sdl, before })
  }
}

async function readSupergraph(path: string): Promise<string> {
  const sdl = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unusable('The supergraph cannot be read', path, 'a file with a Federation 2 supergraph', cause)
  })
  try {
    parseSchema(sdl)
  } catch (cause) {
    throw unusable(`The supergraph does not parse: ${(cause as Error).message}`, path, EXPECTED, cause)
  }
  if (!/\benum\s+join__Graph\b/.test(sdl))
    throw unusable('This schema is no supergraph: it names no subgraphs', path, EXPECTED)
  return sdl
}

/** What parses may still be none: the planner, or an address that is missing, says so. */
function asProblem(error: unknown, path: string): StratesError {
  return error instanceof StratesError
    ? error
    : unusable(`The supergraph cannot be served: ${(error as Error).message}`, path, EXPECTED, error)
}

const unusable = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  new StratesError({
    code: 'CONFIGURATION_INVALID',
    what,
    on,
    expected,
    remedy: 'What was served before goes on: mend the file, or put the one before in its place.',
    cause,
  })

/** Changes with each writing of the file, and where another is put in its place. Empty where there is none. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`
}
