import type { RemoteFile } from './remote.ts'
import { unreachable } from './snapshot.ts'

/** How long an answer may take to begin, and how long it may fall silent, in milliseconds. */
const PATIENCE_MS = { answer: 10_000, silence: 30_000 }

/** One request to a server of snapshots, and its answer. */
export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly headers?: Headers
  readonly body?: string | Blob
  /** How long the answer may take to begin, for requests that bring much. Default 10 s. */
  readonly answerMs?: number
}

/** An answer whose head is there. `stop` gives up what is left of it. */
export interface Received {
  readonly response: Response
  stop(): void
  /** The body as it comes, as bytes, for as long as it does not fall silent. */
  bytes(): AsyncGenerator<Uint8Array>
}

/**
 * Sends one request. Redirects are not followed: whoever sends decides.
 * @param on what people read of the address.
 * @throws StratesError SNAPSHOT_UNREACHABLE when no answer begins in time.
 */
export async function send(url: URL, on: string, sent: Sent): Promise<Received> {
  const { method, headers = new Headers(), body, answerMs = PATIENCE_MS.answer } = sent
  // What is hashed is what is published, and no few kilobytes unfold into gigabytes.
  headers.set('accept-encoding', 'identity')
  headers.set('user-agent', 'strates')
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, answerMs)
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: controller.signal,
      ...(body !== undefined && { body }),
    })
    return { response, stop, bytes: () => bytesOf(response, on, stop) }
  } catch (cause) {
    throw unreachable(`The server of the snapshots does not answer (${reasonOf(cause)})`, on, 'an answer', cause)
  } finally {
    clearTimeout(timer)
  }
}

/** The answer as a file: a refusal is an error, and so is an address elsewhere. */
export function asFile(
  { response, stop, bytes }: Received,
  on: string,
  missing: readonly number[],
): RemoteFile | 'unchanged' | undefined {
  const { status, headers } = response
  if (status === 200) return { tag: headers.get('etag') ?? undefined, bytes: bytes() }
  stop()
  if (status === 304) return 'unchanged'
  if (missing.includes(status)) return undefined
  throw refused(response, on)
}

/** What a server said that answered otherwise than it should. */
export const refused = ({ status }: Response, on: string) =>
  unreachable(`The server of the snapshots answered ${status}`, on, 'the file, with 200')

async function* bytesOf({ body }: Response, on: string, stop: () => void): AsyncGenerator<Uint8Array> {
  if (body === null) return
  const timer = setTimeout(stop, PATIENCE_MS.silence)
  try {
    for await (const chunk of body) {
      timer.refresh()
      yield chunk
    }
  } catch (cause) {
    throw unreachable(`A file of the snapshots broke off (${reasonOf(cause)})`, on, 'the whole file', cause)
  } finally {
    clearTimeout(timer)
    stop()
  }
}

/** In a word. What lies beneath may name addresses, which is for the log of who runs this, under `cause`. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error
  if (name === 'AbortError') return 'it took too long'
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? name
}
