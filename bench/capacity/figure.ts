import { Agent, request, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { openStore, type Store } from '../../core/store/open.ts'
import { hasRedis, startRedis } from '../../demo/servers/redis.ts'
import { runProgram } from '../../demo/servers/program.ts'
import { weighCells } from '../growth.ts'
import { listOf, pointOf, typeaheadOf } from '../kit/documents.ts'
import { spreadOf, written, type Bench, type Figure, type Row } from '../kit/figure.ts'
import { interleave, type Asked, type Sample } from '../kit/load.ts'
import { post, targetOf } from '../kit/question.ts'
import { factsOf } from '../kit/report.ts'
import { measureDatabase } from './database.ts'
import { keepRun } from './page.ts'
import { KIND_NAMES, mean, type KindMeasured, type KindName, type Measured } from './measured.ts'

/** What is asked of each kind; the first is the one that is asked again and again of a server that keeps answers. */
const ASKED: Readonly<Record<KindName, (store: Store) => readonly Asked[]>> = {
  point: (store) => posted(pointOf(store)),
  list: (store) => posted(listOf(store)),
  search: (store) =>
    typeaheadOf(store).cases.map(({ text = '' }) => get(`/v1/search?text=${encodeURIComponent(text)}`)),
  json: (store) => pointOf(store).cases.map(({ code }) => get(`/v1/territory?id=commune:${code}`)),
  csv: (store) => listOf(store).cases.map(({ departement }) => get(`/v1/members.csv?code=${departement}`)),
}

/** What `docs/capacity.md` is computed from. It keeps the last two runs. */
export default {
  name: 'capacity',
  about:
    'what one request of each kind takes of processor and wire, and a process of memory: `docs/capacity.md` is computed from it',
  async measure(bench) {
    const store = await openStore(bench.data, [])
    const kinds = {} as Record<KindName, KindMeasured>
    const rows: Row[] = []
    for (const kind of KIND_NAMES) {
      kinds[kind] = await measureKind(bench, ASKED[kind](store))
      rows.push(rowOf(kind, kinds[kind]))
    }
    const { day, node, cores, store: about } = await factsOf(bench.data, bench.pace)
    const measured: Measured = {
      day,
      node,
      cores,
      store: about,
      kinds,
      memory: await memory(bench),
      cells: await cells(bench),
      database: await measureDatabase(bench),
      ...(hasRedis() && { redis: await redis(bench) }),
    }
    await keepRun(measured)
    return rows
  },
} satisfies Figure

const get = (path: string): Asked => ({ method: 'GET', path })
const posted = ({ query, cases }: ReturnType<typeof pointOf>): readonly Asked[] =>
  cases.map((variables) => post({ query, variables }))

async function measureKind({ servers, data, pace }: Bench, asked: readonly Asked[]): Promise<KindMeasured> {
  const [cold, cached] = [
    await servers.get({ side: 'gateway', data, cache: 'off' }),
    await servers.get({ side: 'gateway', data, cache: 'on' }),
  ]
  const samples = await interleave({ cold: targetOf(cold, asked), cached: targetOf(cached, asked.slice(0, 1)) }, pace)
  const answers = await Promise.all(asked.slice(0, 20).map((one) => onTheWire(cold.url, one)))
  return {
    cold: samples.cold.map(microseconds),
    cached: samples.cached.map(microseconds),
    bytes: Math.round(mean(answers.map(({ bytes }) => bytes))),
    packed: Math.round(mean(answers.map(({ packed }) => packed))),
  }
}

const microseconds = ({ cpuMicroseconds }: Sample): number => Math.round(cpuMicroseconds * 10) / 10

/** Bytes of one answer as they come out of a socket, and as they would with a body that is compressed. */
async function onTheWire(url: string, { method, path, body }: Asked): Promise<{ bytes: number; packed: number }> {
  const agent = new Agent({ keepAlive: false })
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    request(new URL(path, url), { method, agent, headers }, resolve).once('error', reject).end(body),
  )
  const chunks: Buffer[] = []
  const socket: Socket = answer.socket
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
  const plain = Buffer.concat(chunks)
  return { bytes: socket.bytesRead, packed: socket.bytesRead - plain.length + (await promisify(gzip)(plain)).length }
}

/** Of a process that kept nothing, and of one that kept all it was asked. */
async function memory({ servers, data }: Bench): Promise<Measured['memory']> {
  const [cold, cached] = [
    await servers.get({ side: 'gateway', data, cache: 'off' }),
    await servers.get({ side: 'gateway', data, cache: 'on' }),
  ]
  return { cold: (await cold.usage('memory')).rss, cached: (await cached.usage('memory')).rss }
}

async function cells(bench: Bench): Promise<Measured['cells']> {
  const { each, few } = await weighCells(bench)
  return { held: few, bytesEach: Math.round(each * 10) / 10 }
}

/** As the benchmark that comes with Redis has it: fifty clients, values of 4 KB. */
async function redis({ temporary }: Bench): Promise<NonNullable<Measured['redis']>> {
  const server = await startRedis({ within: await temporary() })
  try {
    const { port, hostname } = new URL(server.url)
    const said = await runProgram('redis-benchmark', [
      '-h',
      hostname,
      '-p',
      port,
      '-t',
      'get,set',
      '-d',
      '4096',
      '-n',
      '100000',
      '--csv',
    ])
    const rate = (command: string): number => Math.round(Number(new RegExp(`"${command}","([\\d.]+)"`).exec(said)?.[1]))
    return { get: rate('GET'), set: rate('SET') }
  } finally {
    await server.stop()
  }
}

function rowOf(kind: KindName, { cold, cached, bytes, packed }: KindMeasured): Row {
  return {
    what: `${kind}, of one core`,
    value: `${written(spreadOf(cold.map(perSecond)), 0)} a second cold`,
    beside: '',
    target: '',
    detail: `${written(spreadOf(cached.map(perSecond)), 0)} a second cached; ${bytes} bytes on the wire, ${packed} compressed`,
  }
}

const perSecond = (microsecondsEach: number): number => 1e6 / microsecondsEach
