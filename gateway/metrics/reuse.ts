import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'
import { OTHER } from './names.ts'

/** So many answers with figures of a dataset went to a client in a month. */
export interface ReuseCount {
  /** `2026-11`, in UTC. */
  readonly month: string
  readonly dataset: string
  /** The name by which clients call themselves, cleaned: it tells a program, not a person. */
  readonly client: string
  readonly count: number
}

/** Counts of who reuses what, without anything on persons. */
export interface ReuseCounts {
  /** Counts an answer. */
  add(datasets: readonly string[], client: string): void
  /** Adds counts of another process. */
  merge(counts: readonly ReuseCount[]): void
  /** What was counted since the last time, which is forgotten here. */
  take(): readonly ReuseCount[]
}

/** Dataset, then client. */
type Month = Map<string, Map<string, number>>

/**
 * Makes counts in memory: a worker takes them now and then and sends them to who writes the file.
 * @param clock milliseconds since 1970.
 */
export function createReuseCounts(clock: () => number = Date.now): ReuseCounts {
  let months = new Map<string, Month>()
  let current = { month: '', from: 0, until: 0 }

  return {
    add(datasets, client) {
      const now = clock()
      if (now < current.from || now >= current.until) current = monthAt(now)
      for (const dataset of datasets) count(current.month, dataset, client, 1)
    },
    merge(counts) {
      for (const { month, dataset, client, count: more } of counts) count(month, dataset, client, more)
    },
    take() {
      const taken = months
      months = new Map()
      return [...taken].flatMap(([month, datasets]) =>
        [...datasets].flatMap(([dataset, clients]) =>
          [...clients].map(([client, count]) => ({ month, dataset, client, count })),
        ),
      )
    },
  }

  function count(month: string, dataset: string, client: string, more: number): void {
    const datasets = emplace(months, month, (): Month => new Map())
    const clients = emplace(datasets, dataset, () => new Map<string, number>())
    clients.set(client, (clients.get(client) ?? 0) + more)
  }
}

function emplace<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function monthAt(time: number): { readonly month: string; readonly from: number; readonly until: number } {
  const date = new Date(time)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return {
    month: date.toISOString().slice(0, 7),
    from: Date.UTC(year, month),
    until: Date.UTC(year, month + 1),
  }
}

/** What the file needs of a file system; `node:fs/promises` has it. */
export interface ReuseFiles {
  mkdir(folder: string, options: { recursive: true }): Promise<unknown>
  readFile(path: string, encoding: 'utf8'): Promise<string>
  writeFile(path: string, text: string): Promise<void>
  rename(from: string, to: string): Promise<void>
}

/** Options of {@link ReuseFile}. */
export interface ReuseFileOptions {
  /** Where the summaries are, one file a month. */
  readonly folder: string
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  readonly files?: ReuseFiles
  /** The least time between two writes, in milliseconds. Default: a minute. */
  readonly everyMs?: number
}

/** What stands in the file of a month. */
interface Summary {
  readonly month: string
  /** By dataset, the answers that went to each client. */
  readonly datasets: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** The most names of clients in one month: what comes later, over all restarts, is `other`. */
const MOST_CLIENTS = 1000

/**
 * The monthly summaries `<folder>/2026-11.json`. One process owns them. Each write reads what is there, adds what was counted and
 * replaces the file by one rename, so that counts survive restarts and no reader ever sees half of one.
 */
export class ReuseFile {
  readonly #folder: string
  readonly #log: Log
  readonly #clock: () => number
  readonly #files: ReuseFiles
  readonly #everyMs: number
  readonly #counts: ReuseCounts
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor({ folder, log, clock = Date.now, files = NODE_FILES, everyMs = 60_000 }: ReuseFileOptions) {
    this.#folder = folder
    this.#log = log
    this.#clock = clock
    this.#files = files
    this.#everyMs = everyMs
    this.#counts = createReuseCounts(clock)
  }

  /** Counts an answer, to be written within a minute. */
  add(datasets: readonly string[], client: string): void {
    this.#counts.add(datasets, client)
    this.#later()
  }

  /** Adds what other processes counted, to be written within a minute. */
  merge(counts: readonly ReuseCount[]): void {
    this.#counts.merge(counts)
    this.#later()
  }

  /** Writes what was counted; call it before the process ends. Never rejects: what cannot be written is kept for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#everyMs).unref()
  }

  async #write(): Promise<void> {
    const byMonth = Map.groupBy(this.#counts.take(), ({ month }) => month)
    for (const [month, counts] of byMonth) {
      try {
        await this.#writeMonth(month, counts)
      } catch (err) {
        this.#log.warn({ err, month }, 'the summary of reuse cannot be written, and is kept in memory')
        this.merge(counts)
      }
    }
  }

  async #writeMonth(month: string, counts: readonly ReuseCount[]): Promise<void> {
    await this.#files.mkdir(this.#folder, { recursive: true })
    const path = join(this.#folder, `${month}.json`)
    const summary = sumOf(month, await this.#read(path, month), counts)
    const draft = `${path}.new`
    await this.#files.writeFile(draft, `${JSON.stringify(summary, null, 1)}\n`)
    await this.#files.rename(draft, path)
  }

  /** What a month's file holds. One that cannot be read is put aside under another name: a person may still mend it. */
  async #read(path: string, month: string): Promise<Summary['datasets']> {
    let text: string
    try {
      text = await this.#files.readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw error
    }
    const summary = readSummary(text, month)
    if (summary) return summary.datasets
    const aside = `${path}.broken-${this.#clock()}`
    await this.#files.rename(path, aside)
    this.#log.warn({ month, aside }, 'the summary of reuse was broken: it is put aside, and a new one begins')
    return {}
  }
}

const NODE_FILES: ReuseFiles = { mkdir, readFile, writeFile, rename }

/** Undefined for what is no summary of that month. */
function readSummary(text: string, month: string): Summary | undefined {
  try {
    const summary = JSON.parse(text) as Summary
    const counts = Object.values(summary.datasets).flatMap((clients) => Object.values(clients))
    return summary.month === month && counts.every(Number.isSafeInteger) ? summary : undefined
  } catch {
    return undefined
  }
}

/** Names in order, so that the same counts make the same file. */
function sumOf(month: string, before: Summary['datasets'], counts: readonly ReuseCount[]): Summary {
  const sums = new Map<string, Map<string, number>>()
  const clients = new Set(Object.values(before).flatMap((names) => Object.keys(names)))
  const add = (dataset: string, client: string, count: number) => {
    const own = emplace(sums, dataset, () => new Map<string, number>())
    own.set(client, (own.get(client) ?? 0) + count)
  }
  for (const [dataset, names] of Object.entries(before))
    for (const [client, count] of Object.entries(names)) add(dataset, client, count)
  for (const { dataset, client, count } of counts) {
    const name = clients.has(client) || clients.size < MOST_CLIENTS ? client : OTHER
    clients.add(name)
    add(dataset, name, count)
  }
  return {
    month,
    datasets: Object.fromEntries(inOrder(sums).map(([id, own]) => [id, Object.fromEntries(inOrder(own))])),
  }
}

const inOrder = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].toSorted(([left], [right]) => (left < right ? -1 : 1))
