import { isIP } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { z } from 'zod'
import { StratesError } from './observations/error.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** How many processes may answer at most. */
export const MOST_WORKERS = 64

const METRICS_ACCESS = ['local', 'public'] as const

const COLLECTOR = 'the http:// or https:// address of a collector, such as http://127.0.0.1:4318'

/** Every environment variable that Strates reads: its default, what is accepted, and what an error says of it. */
const VARIABLES = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(4000)
    .describe('a port number from 0 to 65535; 0 takes any free port'),
  HOST: z.string().min(1).default('127.0.0.1').describe('an address to listen on, such as 127.0.0.1 or 0.0.0.0'),
  STRATES_WORKERS: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .refine((workers) => workers >= 1 && workers <= MOST_WORKERS)
    .default(defaultWorkers)
    .describe(`a number of processes from 1 to ${MOST_WORKERS}`),
  STRATES_DATA: z.string().min(1).default('.strates').describe('the folder of the store'),
  STRATES_RATE_LIMIT: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .default(60_000)
    .describe('a number of points; 0 for no limit'),
  STRATES_TRUST_PROXY: z
    .string()
    .transform(readProxies)
    .refine((proxies) => proxies !== null)
    .default([])
    .describe('a number of proxies in a row, or addresses and networks such as 10.0.0.0/8, separated by commas'),
  STRATES_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isOrigin)
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      'an http:// or https:// address without path, query, fragment or password, such as https://strates.example.org',
    ),
  STRATES_CACHE_MB: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .default(64)
    .describe('a number of megabytes; 0 to keep no answers'),
  REDIS_URL: z
    .string()
    .refine((url) => /^rediss?:\/\/[^/]/.test(url) && URL.canParse(url))
    .optional()
    .describe('an address such as redis://127.0.0.1:6379 or rediss://user:password@host:6380'),
  STRATES_SUBGRAPH_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('a text of at least 16 characters, the same for the gateway and its subgraphs'),
  STRATES_METRICS: z
    .enum(METRICS_ACCESS)
    .default('local')
    .describe(`one of ${METRICS_ACCESS.join(', ')}`),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(COLLECTOR),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(COLLECTOR),
  OTEL_SERVICE_NAME: z.string().min(1).default('strates').describe('a name for the service'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(`one of ${LOG_LEVELS.join(', ')}`),
})

/** The settings that the environment decides. */
export interface Environment {
  /** Port of the gateway. `PORT`, default 4000. */
  readonly port: number
  /** Address that the gateway listens on. `HOST`, default 127.0.0.1: this machine only. */
  readonly host: string
  /**
   * How many processes answer. `STRATES_WORKERS`, default the number of cores, but no more than there are gigabytes of memory.
   */
  readonly workers: number
  /** Folder of the store. `STRATES_DATA`, default `.strates`. */
  readonly dataFolder: string
  /** Points that one client may spend in a minute; 0 for no limit. `STRATES_RATE_LIMIT`, default 60,000. */
  readonly rateLimit: number
  /**
   * Whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: so many proxies in a row, or those of these addresses and networks.
   * `STRATES_TRUST_PROXY`, default nobody's.
   */
  readonly trustedProxies: number | readonly string[]
  /** The origin at which clients find the service. `STRATES_PUBLIC_URL`; unset, as each request tells. */
  readonly publicUrl: string | undefined
  /** Memory for answers in each worker, in MB. `STRATES_CACHE_MB`, default 64; 0 keeps none. */
  readonly cacheMb: number
  /** Where gateways share answers and registered documents. `REDIS_URL`; unset, each keeps its own. */
  readonly redisUrl: string | undefined
  /** What the gateway signs its calls to subgraphs with. `STRATES_SUBGRAPH_SECRET`; unset, calls are not signed. */
  readonly subgraphSecret: string | undefined
  /** Who may read `/metrics`: callers on this machine only, or everyone. `STRATES_METRICS`, default `local`. */
  readonly metrics: (typeof METRICS_ACCESS)[number]
  /**
   * Where traces are sent, and under which name: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `/v1/traces` under
   * `OTEL_EXPORTER_OTLP_ENDPOINT`; `OTEL_SERVICE_NAME`, default `strates`. Without an address nothing is traced.
   */
  readonly traces: { readonly url: string; readonly serviceName: string } | undefined
  /** The least severe log lines to write. `LOG_LEVEL`, default `info`. */
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/**
 * Reads the environment, once, at the start of a process. An empty variable counts as unset.
 * Throws `CONFIGURATION_INVALID` naming the variable, its value and what was expected.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const given = Object.fromEntries(Object.keys(VARIABLES.shape).map((name) => [name, variables[name] || undefined]))
  const read = VARIABLES.safeParse(given)
  if (!read.success) throw invalid(String(read.error.issues[0]?.path[0]), given)

  const {
    PORT,
    HOST,
    STRATES_WORKERS,
    STRATES_DATA,
    STRATES_RATE_LIMIT,
    STRATES_TRUST_PROXY,
    STRATES_SUBGRAPH_SECRET,
    STRATES_CACHE_MB,
    REDIS_URL,
    LOG_LEVEL,
  } = read.data
  const { STRATES_METRICS, STRATES_PUBLIC_URL, OTEL_SERVICE_NAME } = read.data
  const tracesUrl = tracesUrlOf(read.data)
  return {
    port: PORT,
    host: HOST,
    workers: STRATES_WORKERS,
    dataFolder: STRATES_DATA,
    subgraphSecret: STRATES_SUBGRAPH_SECRET,
    rateLimit: STRATES_RATE_LIMIT,
    cacheMb: STRATES_CACHE_MB,
    redisUrl: REDIS_URL,
    trustedProxies: STRATES_TRUST_PROXY ?? [],
    publicUrl: STRATES_PUBLIC_URL,
    metrics: STRATES_METRICS,
    traces: tracesUrl === undefined ? undefined : { url: tracesUrl, serviceName: OTEL_SERVICE_NAME },
    logLevel: LOG_LEVEL,
  }
}

/** One for each core, where each has a gigabyte: about twice what it holds. */
function defaultWorkers(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / 2 ** 30), MOST_WORKERS))
}

/** As OpenTelemetry has it: the address of a collector is that of all signals, and each has a path there. */
function tracesUrlOf(given: z.infer<typeof VARIABLES>): string | undefined {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces, OTEL_EXPORTER_OTLP_ENDPOINT: collector } = given
  return traces ?? (collector && `${collector.replace(/\/$/, '')}/v1/traces`)
}

/**
 * The environment of a process that this one starts.
 * @param compiled the folder in which Node keeps what it compiles; one that the environment names comes first.
 */
export const environmentFor = ({ compiled }: { readonly compiled: string }): NodeJS.ProcessEnv => ({
  NODE_COMPILE_CACHE: compiled,
  ...process.env,
})

/** Whether an address is nothing more than an origin: pages and links begin at the root of a host. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.pathname === '/' && !/[?#]/.test(text) && url.username === '' && url.password === ''
}

/** Null for what is neither a small number nor a list of addresses and networks. */
function readProxies(text: string): number | readonly string[] | null {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const networks = text.split(',').map((network) => network.trim())
  return networks.every(isNetwork) ? networks : null
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...others] = text.split('/')
  const family = isIP(address)
  if (family === 0 || others.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** Errors go to logs: of a secret they tell its length, of an address nothing of who may use it. */
function shown(name: string, value: string): string {
  if (name === 'STRATES_SUBGRAPH_SECRET') return `${value.length} characters`
  return value.replace(/\/\/.*@/, '//…@')
}

/** What helps with a variable beside another value. */
const REMEDIES: Readonly<Record<string, string>> = {
  STRATES_PUBLIC_URL: 'Serve at the root of a host name of its own. ',
}

function invalid(name: string, given: Record<string, string | undefined>): StratesError {
  const expected = VARIABLES.shape[name as keyof typeof VARIABLES.shape]?.description ?? 'another value'
  return new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: `The environment variable ${name} cannot be used`,
    on: `${name}=${shown(name, given[name] ?? '')}`,
    expected,
    remedy: `${REMEDIES[name] ?? ''}Set ${name} to such a value, or unset it for the default.`,
  })
}
