import autocannon from 'autocannon'
import type { Usage } from './servers.ts'

/** Connections that ask at the same time, each one question after the other. */
export const CONNECTIONS = 16

/** How long each round is, and how many there are. */
export interface Pace {
  readonly rounds: number
  readonly seconds: number
  /** How long each server is warmed up before its first round. */
  readonly warmUpSeconds: number
}

/** A question as it goes over the wire. */
export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
}

/** A server under load. */
export interface Target {
  readonly url: string
  /** Asked in turn; each connection starts elsewhere. */
  readonly asked: readonly Asked[]
  /** What its process has used so far; of several processes, all together. */
  usage(): Promise<Usage>
}

/** What one round of one server gave. */
export interface Sample {
  readonly perSecond: number
  /** Microseconds of processor that the server took for each answer. */
  readonly cpuMicroseconds: number
}

/** Loads servers in turn (A, B, A, B …), so that whatever else the machine does falls on all of them. */
export async function interleave<Name extends string>(
  targets: Readonly<Record<Name, Target>>,
  { rounds, seconds, warmUpSeconds }: Pace,
): Promise<Readonly<Record<Name, readonly Sample[]>>> {
  const names = Object.keys(targets) as Name[]
  const samples = Object.fromEntries(names.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>
  for (const name of names) await load(targets[name], warmUpSeconds)
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) samples[name].push(await load(targets[name], seconds))
  }
  return samples
}

/** Loads one server. @throws Error when it answers anything but 2xx: there is nothing to compare then. */
export async function load({ url, asked, usage }: Target, seconds: number): Promise<Sample> {
  const requests = asked.map(({ method, path, body }) => ({
    method,
    path,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
  }))
  let connection = 0
  const before = await usage()
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: requests.slice(0, 1),
    setupClient(client) {
      const start = Math.floor((requests.length * (connection += 1)) / CONNECTIONS) % requests.length
      client.setRequests([...requests.slice(start), ...requests.slice(0, start)])
    },
  })
  const after = await usage()
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url} gave ${result.non2xx} answers other than 2xx and ${result.errors} errors`)
  const answers = result['2xx']
  return {
    perSecond: answers / result.duration,
    cpuMicroseconds: (after.cpuMicroseconds - before.cpuMicroseconds) / Math.max(1, answers),
  }
}

/** Asks once, as the load does. */
export async function askOnce({
  url,
  asked: [first],
}: Target): Promise<{ readonly type: string; readonly text: string }> {
  if (first === undefined) throw new Error('there is nothing to ask')
  const { method, path, body } = first
  const response = await fetch(new URL(path, url), {
    method,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url}${path} answered ${response.status}: ${text.slice(0, 500)}`)
  return { type: response.headers.get('content-type') ?? '', text }
}
