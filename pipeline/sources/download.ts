/**
 * HTTP as a source needs it: one request that either gives the whole body or says why not. undici's RetryAgent was
 * looked at and left: it resumes a cut body with a Range request, which exports made on the fly refuse (it then
 * throws), it cannot start over once bytes have been handed on, and it waits without jitter. Here every try starts from
 * zero, into a new temporary file and a new hash.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Dispatcher, interceptors, request } from 'undici'
import { keepBytes, type KeptBytes } from './keep.ts'
import type { FileProgress, Progress } from './progress.ts'
import { PrivateAddressError, publicAgent } from './publicAgent.ts'

/** Every number of the client, in milliseconds or bytes. */
export interface DownloadOptions {
  /** How long the first answer of a host may take, connection included, before it counts as unreachable. Default 5 s. */
  readonly firstAnswerMs?: number
  /** How long later answers may take to start; an export is prepared before its first byte. Default 60 s. */
  readonly headersMs?: number
  /** The longest silence within a body. Default 30 s. */
  readonly silenceMs?: number
  /** The longest a file may take in one try, however steadily it drips. Default 15 minutes. */
  readonly fileMs?: number
  /** Tries in all. Default 4. */
  readonly tries?: number
  /** The first wait between tries; it doubles, with jitter. Default 500 ms. */
  readonly backoffMs?: number
  /** The longest wait between tries. Who asks for more by `Retry-After` is not asked again by this run. Default 30 s. */
  readonly longestWaitMs?: number
  /** The largest file accepted. Default 512 MB. */
  readonly maxBytes?: number
  /** For tests: loopback and private addresses, and plain `http:`. */
  readonly allowPrivate?: boolean
  /**
   * What carries the requests. Default: an agent for public addresses only; one given here answers for its own safety,
   * and whoever made it closes it.
   */
  readonly dispatcher?: Dispatcher
  readonly sleep?: (ms: number) => Promise<unknown>
  readonly random?: () => number
  readonly now?: () => number
}

/** How to tell a whole file from a cut one, beyond `content-length`. */
export interface Wholeness {
  readonly format: 'parquet' | 'csv'
  /** Rows the publisher announced; checked in CSV, where nothing else marks the end. */
  readonly rows?: number
}

/** What a server said of a file that it sent, to be asked by whether it changed since (RFC 9110, 13.1). */
export interface Validators {
  readonly etag?: string
  readonly lastModified?: string
}

/** A file that was sent. */
export interface Downloaded {
  readonly kept: KeptBytes
  readonly validators: Validators
}

/** A client for one run; `close` it at the end. */
export interface Downloader {
  /** A small JSON document. `isFirst`: the first call to a host, answered fast and not tried again without an answer. */
  json(url: URL, isFirst: boolean): Promise<unknown>
  /** A whole file, kept in `folder`; undefined when the server says that it is still the one of these validators. */
  file(
    url: URL,
    label: string,
    whole: Wholeness,
    target: { readonly folder: string; readonly progress: Progress; readonly known?: Validators },
  ): Promise<Downloaded | undefined>
  close(): Promise<void>
}

/** The server answered, and the answer is no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly status: number
  constructor(status: number) {
    super(`the server answered ${status}`)
    this.status = status
  }
}

/** The server is busy; it may have said for how long. */
export class BusyError extends RefusedError {
  readonly retryAfter: string | undefined
  constructor(status: number, after: string | undefined) {
    super(status)
    this.retryAfter = after
  }
}

/** The server sent another file than was asked for; no further try will mend that. */
export class WrongContentError extends Error {
  override readonly name = 'WrongContentError'
}

/** The body ended before the file did. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError'
}

const mostRedirects = 3
const mostJsonBytes = 2_000_000
const busyStatuses = [429, 500, 502, 503, 504]

/** Makes a client; see `DownloadOptions` for what it bears and how long it waits. */
export function createDownloader({
  firstAnswerMs = 5_000,
  headersMs = 60_000,
  silenceMs = 30_000,
  fileMs = 900_000,
  tries = 4,
  backoffMs = 500,
  longestWaitMs = 30_000,
  maxBytes = 512_000_000,
  allowPrivate = false,
  dispatcher: given,
  sleep = wait,
  random = Math.random,
  now = Date.now,
}: DownloadOptions = {}): Downloader {
  const dispatcher = given ?? publicAgent({ connectMs: firstAnswerMs, allowPrivate })
  const redirecting = dispatcher.compose(
    interceptors.redirect({ maxRedirections: mostRedirects, throwOnMaxRedirect: true }),
  )

  return {
    json: (url, isFirst) =>
      persist(
        async () => {
          const answer = await get(url, 'application/json', isFirst ? firstAnswerMs : headersMs)
          return parseJson(await textOf(answer.body))
        },
        isFirst ? hasAnswered : () => true,
      ),
    file: (url, label, whole, { folder, progress, known = {} }) =>
      persist(async () => {
        const answer = await get(url, '*/*', headersMs, known)
        if (answer.statusCode === 304) return undefined
        const length = lengthOf(answer)
        const bar = progress.start(label, length)
        try {
          const kept = await keepBytes(
            verified(answer.body, { length, whole, maxBytes, bar }),
            folder,
            `.${whole.format}`,
          )
          bar.end()
          return { kept, validators: validatorsOf(answer) }
        } catch (error) {
          bar.end(`failed (${(error as Error).message})`)
          throw error
        }
      }),
    close: async () => {
      if (given === undefined) await dispatcher.destroy()
    },
  }

  /** One loop for every reason to try again. */
  async function persist<T>(attempt: () => Promise<T>, mayRetry: (error: unknown) => boolean = () => true): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await attempt()
      } catch (error) {
        if (tried >= tries || !isPassing(error) || !mayRetry(error)) throw error
        const ms = waitAfter(error, tried)
        if (ms > longestWaitMs) throw error
        await sleep(ms)
      }
    }
  }

  function waitAfter(error: unknown, tried: number): number {
    const asked = patienceAsked(error, now())
    const backoff = backoffMs * 2 ** (tried - 1) * (0.5 + random() / 2)
    return asked ?? Math.min(backoff, longestWaitMs)
  }

  async function get(
    url: URL,
    accept: string,
    answerMs: number,
    known: Validators = {},
  ): Promise<Dispatcher.ResponseData> {
    // undici's own header timer is coarse (about a second) and does not count the look-up of the name.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new NoAnswerError(answerMs)), answerMs)
    try {
      const answer = await request(url, {
        dispatcher: redirecting,
        signal: AbortSignal.any([late.signal, AbortSignal.timeout(fileMs)]),
        headersTimeout: answerMs,
        bodyTimeout: silenceMs,
        // Plain bytes: what is hashed is what is published, and no few kilobytes unfold into gigabytes.
        headers: { accept, 'accept-encoding': 'identity', 'user-agent': 'strates', ...conditionsOf(known) },
      })
      return await accepted(answer, known)
    } finally {
      clearTimeout(timer)
    }
  }
}

class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`)
  }
}

/** Where the file has an ETag, that alone decides: a date is coarser, and servers prefer the tag anyway. */
function conditionsOf({ etag, lastModified }: Validators): Record<string, string> {
  if (etag !== undefined) return { 'if-none-match': etag }
  return lastModified === undefined ? {} : { 'if-modified-since': lastModified }
}

function validatorsOf({ headers }: Dispatcher.ResponseData): Validators {
  const { etag, 'last-modified': lastModified } = headers
  return { ...(etag && { etag: `${etag}` }), ...(lastModified && { lastModified: `${lastModified}` }) }
}

async function accepted(answer: Dispatcher.ResponseData, known: Validators): Promise<Dispatcher.ResponseData> {
  const { statusCode, headers, body } = answer
  if (statusCode === 304 && Object.keys(conditionsOf(known)).length > 0) {
    await drop(body)
    return answer
  }
  if (statusCode === 200) {
    const encoding = String(headers['content-encoding'] ?? 'identity')
    if (encoding === 'identity') return answer
    await drop(body)
    throw new WrongContentError(`the answer is compressed (${encoding}) though plain bytes were asked for`)
  }
  await drop(body)
  if (!busyStatuses.includes(statusCode)) throw new RefusedError(statusCode)
  throw new BusyError(statusCode, headers['retry-after']?.toString())
}

/** Frees the connection; what the server wrote beside a refusal is not needed. */
function drop(body: Dispatcher.ResponseData['body']): Promise<void> {
  return body.dump({ limit: 16_384 }).catch(() => undefined)
}

/** A busy server, a lost connection, a silence or a cut body may pass; a refusal or a wrong content will not. */
function isPassing(error: unknown): boolean {
  if (error instanceof BusyError || error instanceof CutShortError || error instanceof NoAnswerError) return true
  if (error instanceof RefusedError || error instanceof WrongContentError || error instanceof PrivateAddressError)
    return false
  const { code = '' } = error as NodeJS.ErrnoException
  return passingCodes.has(code)
}

const passingCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'HPE_INVALID_EOF_STATE',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Whether the error itself shows that a server is there; a first call that meets nobody does not knock four times. */
function hasAnswered(error: unknown): boolean {
  if (error instanceof BusyError || error instanceof CutShortError) return true
  const { code } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'UND_ERR_SOCKET'
}

/** How long a busy server asks to be left alone, in milliseconds. @param now milliseconds since 1970. */
export const patienceAsked = (error: unknown, now: number): number | undefined =>
  error instanceof BusyError ? retryAfter(error.retryAfter, now) : undefined

/** Milliseconds from a `Retry-After` header, given in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

function lengthOf({ headers }: Dispatcher.ResponseData): number | undefined {
  const length = Number(headers['content-length'] ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : undefined
}

/** Passes the body on, and throws rather than ends when it is too long, of another kind, or not whole. */
async function* verified(
  body: AsyncIterable<Buffer>,
  {
    length,
    whole,
    maxBytes,
    bar,
  }: { length: number | undefined; whole: Wholeness; maxBytes: number; bar: FileProgress },
): AsyncGenerator<Buffer> {
  const check = whole.format === 'parquet' ? parquetCheck() : csvCheck(whole.rows)
  let bytes = 0
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes)
  for await (const chunk of received(body)) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    check.see(chunk)
    bar.advance(chunk.length)
    yield chunk
  }
  if (length !== undefined && bytes !== length) throw new CutShortError(`${bytes} bytes of ${length}`)
  if (bytes === 0) throw new CutShortError('an empty body')
  check.end()
}

async function* received(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw error
    throw new CutShortError(`the connection ended in the middle (${(error as Error).message})`, { cause: error })
  }
}

function tooLarge(maxBytes: number): WrongContentError {
  return new WrongContentError(`the file is larger than ${maxBytes} bytes`)
}

interface Check {
  see(chunk: Buffer): void
  end(): void
}

const magic = 'PAR1'

function parquetCheck(): Check {
  let head = ''
  let tail = ''
  return {
    see(chunk) {
      if (head.length < 4) head = refuseUnlike(head + chunk.toString('latin1', 0, 4))
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 4))).slice(-4)
    },
    end() {
      if (tail !== magic) throw new CutShortError('the Parquet end mark is missing')
    },
  }
}

function refuseUnlike(head: string): string {
  if (!magic.startsWith(head.slice(0, 4))) throw new WrongContentError('the answer is not Parquet')
  return head
}

/** A CSV has no end mark: its records are counted, line ends outside quotes, against what the publisher announced. */
function csvCheck(announced: number | undefined): Check {
  let head = ''
  let lines = 0
  let isQuoted = false
  let last = 0
  return {
    see(chunk) {
      if (head === '') {
        head = chunk.toString('latin1', 0, 256)
        if (/^(\xef\xbb\xbf)?\s*[<{]/.test(head))
          throw new WrongContentError('the answer is a page or a message, not CSV')
      }
      for (const byte of chunk) {
        if (byte === 0x22) isQuoted = !isQuoted
        else if (byte === 0x0a && !isQuoted) lines++
      }
      last = chunk.at(-1) ?? last
    },
    end() {
      const rows = lines + (last === 0x0a ? 0 : 1) - 1
      if (announced !== undefined && rows < announced) throw new CutShortError(`${rows} rows of ${announced}`)
    },
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > mostJsonBytes) throw new Error(`the answer is larger than ${mostJsonBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the answer is not JSON; a proxy or a maintenance page may stand in between')
  }
}
