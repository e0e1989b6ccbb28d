import { isIP } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { StratesError } from './observations/error.ts'
import type { PostgresAddress } from './database/address.ts'
import { isLoopback, type S3Address, type StoreAddress } from './snapshots/address.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** How many processes may answer at most. */
export const MOST_WORKERS = 64

const METRICS_ACCESS = ['local', 'public'] as const

const REFRESH = ['on', 'off'] as const
/** The first three mean the same: who answers must show the certificate of its name. Those that may end without TLS are refused. */
const SSL_MODES = ['verify-full', 'verify-ca', 'require', 'no-verify', 'disable'] as const
const PLAIN_HTTP = ['loopback', 'anywhere'] as const

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
  STRATES_STORE_URL: z
    .string()
    .refine(isStoreUrl)
    .optional()
    .describe(
      'an address without query, fragment or password, such as https://example.org/strates, s3://bucket/prefix or file:///srv/strates',
    ),
  DATABASE_URL: z
    .string()
    .refine(isDatabaseUrl)
    .optional()
    .describe(
      `an address such as postgres://user:password@host:5432/strates?sslmode=verify-full; sslmode is one of ${SSL_MODES.join(', ')}`,
    ),
  STRATES_STORE_EVERY: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .refine((seconds) => seconds >= 1 && seconds <= 3600)
    .default(20)
    .describe('a number of seconds from 1 to 3600'),
  STRATES_STORE_HTTP: z
    .enum(PLAIN_HTTP)
    .default('loopback')
    .describe(`one of ${PLAIN_HTTP.join(', ')}`),
  STRATES_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .refine(isBare)
    .transform((url) => new URL(url).href.replace(/\/+$/, ''))
    .optional()
    .describe('the http:// or https:// address of a service that speaks S3, such as https://s3.example.org'),
  // Others read these too: they are looked at only where s3:// needs them.
  AWS_REGION: z.string().default('us-east-1').describe('the name of a region, such as eu-west-3'),
  AWS_ACCESS_KEY_ID: z.string().optional().describe('the id of a key, which s3:// needs'),
  AWS_SECRET_ACCESS_KEY: z.string().optional().describe('the secret of the key, which s3:// needs'),
  AWS_SESSION_TOKEN: z.string().optional().describe('the token of a key that is given for a while'),
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
  STRATES_SUBGRAPH_URL: z
    .string()
    .refine((url) => /^https?:/.test(url) && url.includes('{name}') && isBare(url.replaceAll('{name}', 'commune')))
    .optional()
    .describe('an http:// or https:// address with {name} for the name of the subgraph, such as http://{name}:4000/'),
  STRATES_SUBGRAPH_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('a text of at least 16 characters, the same for the gateway and its subgraphs'),
  STRATES_METRICS: z
    .enum(METRICS_ACCESS)
    .default('local')
    .describe(`one of ${METRICS_ACCESS.join(', ')}`),
  STRATES_REFRESH: z
    .enum(REFRESH)
    .default('off')
    .describe(`one of ${REFRESH.join(', ')}`),
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
  /**
   * Where snapshots of the store are published and taken from. `STRATES_STORE_URL`, with `STRATES_S3_ENDPOINT`, `AWS_REGION`,
   * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` for s3://; or `DATABASE_URL`, in whose tables the rows of a
   * version are too. Unset, the store is of this machine alone.
   */
  readonly snapshots: StoreAddress | undefined
  /** How often to ask for a newer snapshot, in seconds. `STRATES_STORE_EVERY`, default 20. */
  readonly snapshotsEvery: number
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
  /** Where subgraphs answer, `{name}` for the name of each. `STRATES_SUBGRAPH_URL`; unset, as the supergraph says. */
  readonly subgraphUrl: string | undefined
  /** What the gateway signs its calls to subgraphs with. `STRATES_SUBGRAPH_SECRET`; unset, calls are not signed. */
  readonly subgraphSecret: string | undefined
  /** Who may read `/metrics`: callers on this machine only, or everyone. `STRATES_METRICS`, default `local`. */
  readonly metrics: (typeof METRICS_ACCESS)[number]
  /** Whether newer files are looked for while it serves. `STRATES_REFRESH`, default `off`. */
  readonly refresh: boolean
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
  const { STRATES_METRICS, STRATES_REFRESH, STRATES_PUBLIC_URL, OTEL_SERVICE_NAME } = read.data
  const tracesUrl = tracesUrlOf(read.data)
  return {
    port: PORT,
    host: HOST,
    workers: STRATES_WORKERS,
    dataFolder: STRATES_DATA,
    snapshots: snapshotsOf(read.data, given),
    snapshotsEvery: read.data.STRATES_STORE_EVERY,
    subgraphUrl: read.data.STRATES_SUBGRAPH_URL,
    subgraphSecret: STRATES_SUBGRAPH_SECRET,
    rateLimit: STRATES_RATE_LIMIT,
    cacheMb: STRATES_CACHE_MB,
    redisUrl: REDIS_URL,
    trustedProxies: STRATES_TRUST_PROXY ?? [],
    publicUrl: STRATES_PUBLIC_URL,
    metrics: STRATES_METRICS,
    refresh: STRATES_REFRESH === 'on',
    traces: tracesUrl === undefined ? undefined : { url: tracesUrl, serviceName: OTEL_SERVICE_NAME },
    logLevel: LOG_LEVEL,
  }
}

/** The address of the snapshots, with what it takes to speak to it. */
function snapshotsOf(
  read: z.infer<typeof VARIABLES>,
  given: Record<string, string | undefined>,
): StoreAddress | undefined {
  const { STRATES_STORE_URL: text, STRATES_S3_ENDPOINT: endpoint, STRATES_STORE_HTTP: plain } = read
  const { DATABASE_URL: database } = read
  if (text !== undefined && database !== undefined)
    throw invalid('DATABASE_URL', given, 'DATABASE_URL or STRATES_STORE_URL: a store is published in one place')
  if (database !== undefined) return databaseOf(database, given)
  if (text === undefined) return undefined
  const url = new URL(text)
  const path = url.pathname.replace(/\/+$/, '')
  if (url.protocol === 'file:') return { kind: 'file', folder: fileURLToPath(url) }
  const speaksPlainly = (address: string | undefined) =>
    plain === 'loopback' && address?.startsWith('http:') === true && !isLoopback(new URL(address))
  const encrypted = 'an https:// address; STRATES_STORE_HTTP=anywhere allows http:// beyond this machine'
  if (url.protocol !== 's3:') {
    if (speaksPlainly(text)) throw invalid('STRATES_STORE_URL', given, encrypted)
    return { kind: 'http', url: `${url.origin}${path}` }
  }
  if (speaksPlainly(endpoint)) throw invalid('STRATES_S3_ENDPOINT', given, encrypted)
  return s3Of(read, given, endpoint, `${url.hostname}`, path)
}

/** A database elsewhere is spoken to through TLS, unless it is said that it is not. */
function databaseOf(url: string, given: Record<string, string | undefined>): PostgresAddress {
  const { searchParams } = new URL(url)
  if (!searchParams.has('sslmode') && !isOfThisMachine(new URL(url)))
    throw invalid(
      'DATABASE_URL',
      given,
      'sslmode=verify-full behind the address of a database on another machine; sslmode=disable within a network that you trust',
    )
  return { kind: 'postgres', url }
}

/** The folder of a socket, which stands in the place of a host, is of this machine too. */
function isOfThisMachine(url: URL): boolean {
  const host = url.searchParams.get('host')
  if (host === null) return isLoopback(url)
  return host.startsWith('/') || isLoopback(new URL(`postgres://${host}`))
}

/** Where an endpoint is named the bucket is in the path, else in the name of Amazon's server. */
function s3Of(
  read: z.infer<typeof VARIABLES>,
  given: Record<string, string | undefined>,
  endpoint: string | undefined,
  bucket: string,
  path: string,
): S3Address {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = read
  if (!/^[a-z0-9-]{1,40}$/.test(region)) throw invalid('AWS_REGION', given)
  if (accessKeyId === undefined) throw invalid('AWS_ACCESS_KEY_ID', given)
  if (secretAccessKey === undefined) throw invalid('AWS_SECRET_ACCESS_KEY', given)
  const server = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`
  const url = `${server}${path}`
  return { kind: 's3', url, region, accessKeyId, secretAccessKey, sessionToken: read.AWS_SESSION_TOKEN }
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

/** Whether an address is nothing more than an origin and a path. */
function isBare(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && !/[?#]/.test(text) && url.username === '' && url.password === ''
}

/** Names of buckets and prefixes are plain, so that a key and its address are one text. */
function isStoreUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !isBare(text)) return false
  if (url.protocol === 's3:')
    return /^s3:\/\/[a-z0-9][a-z0-9.-]{1,62}(\/[\w.-]+)*\/?$/.test(text) && !/\/\.+(\/|$)/.test(text)
  if (url.protocol === 'file:') return url.hostname === '' && url.pathname.length > 1
  return url.protocol === 'https:' || url.protocol === 'http:'
}

/** `ssl` and `uselibpqcompat` would make `sslmode` mean something else. */
function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hash !== '') return false
  if (!/^\/[^/]+$/.test(url.pathname)) return false
  const { searchParams } = url
  const sslMode = searchParams.get('sslmode')
  if (searchParams.has('ssl') || searchParams.has('uselibpqcompat')) return false
  return sslMode === null || SSL_MODES.some((mode) => mode === sslMode)
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
  if (name === 'STRATES_SUBGRAPH_SECRET' || /^AWS_.*(KEY|TOKEN)/.test(name)) return `${value.length} characters`
  // What was meant for an address may hold the password anywhere.
  if (name === 'DATABASE_URL' && !value.includes('://')) return `${value.length} characters, and no address`
  const address = value.replace(/\/\/.*@/, '//…@')
  return name === 'STRATES_STORE_URL' || name === 'DATABASE_URL' ? address.replace(/[?#].*/s, '?…') : address
}

/** What helps with a variable beside another value. */
const REMEDIES: Readonly<Record<string, string>> = {
  STRATES_PUBLIC_URL: 'Serve at the root of a host name of its own. ',
}

function invalid(
  name: string,
  given: Record<string, string | undefined>,
  expected = VARIABLES.shape[name as keyof typeof VARIABLES.shape]?.description ?? 'another value',
): StratesError {
  return new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: `The environment variable ${name} cannot be used`,
    on: `${name}=${shown(name, given[name] ?? '')}`,
    expected,
    remedy: `${REMEDIES[name] ?? ''}Set ${name} to such a value, or unset it for the default.`,
  })
}
