import { openAsBlob } from 'node:fs'
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import type { S3Address } from '../../core/snapshots/address.ts'
import { refused, type Received } from '../../core/snapshots/request.ts'
import { openS3, type S3Request } from '../../core/snapshots/s3.ts'
import { s3Remote } from '../../core/snapshots/s3Remote.ts'
import { sha256Of } from '../../core/snapshots/snapshot.ts'
import { StratesError } from '../../core/observations/error.ts'
import type { WritableRemote } from './writable.ts'

/** Where the sha256 of a file is kept beside it: its tag is none where it was put in parts. */
const SHA256_HEADER = 'x-amz-meta-sha256'
/** The longest that a file may take. */
const FILE_MS = 900_000
/** What passes: too many requests, or a moment of trouble. */
const PASSING = [429, 500, 502, 503, 504]

class Passing extends Error {
  readonly received: Received
  constructor(received: Received) {
    super(`the server answered ${received.response.status}`)
    this.received = received
  }
}

/** Puts snapshots into a bucket. `firstWaitMs`: before a request that failed is tried again; it doubles. */
export function s3Writable(address: S3Address, { firstWaitMs = 500 } = {}): WritableRemote {
  const s3 = openS3(address)
  const again = retry(
    handleWhen((error) => error instanceof Passing || error instanceof StratesError),
    { maxAttempts: 3, backoff: new ExponentialBackoff({ initialDelay: firstWaitMs }) },
  )

  /** Settles with the head of the answer, whatever it says. */
  async function ask(key: string, request: S3Request): Promise<Response> {
    try {
      return await again.execute(async () => {
        const received = await s3.send(key, request)
        received.stop()
        if (PASSING.includes(received.response.status)) throw new Passing(received)
        return received.response
      })
    } catch (error) {
      if (error instanceof Passing) return error.received.response
      throw error
    }
  }

  async function require(key: string, request: S3Request, statuses: readonly number[]): Promise<Response> {
    const response = await ask(key, request)
    if (statuses.includes(response.status)) return response
    throw refused(response, `${s3.address}/${key}`)
  }

  return {
    ...s3Remote(address),
    async has(key, { bytes, sha256 }) {
      const { status, headers } = await require(key, { method: 'HEAD' }, [200, 404])
      return status === 200 && Number(headers.get('content-length')) === bytes && headers.get(SHA256_HEADER) === sha256
    },
    async put(key, path, { sha256 }) {
      const headers = { [SHA256_HEADER]: sha256 }
      const body = await openAsBlob(path)
      await require(key, { method: 'PUT', headers, body, sha256, answerMs: FILE_MS }, [200])
    },
    async remove(key) {
      await require(key, { method: 'DELETE' }, [200, 204, 404])
    },
    async replace(key, text, tag) {
      const put = (condition: Readonly<Record<string, string>>) =>
        ask(key, {
          method: 'PUT',
          // Whoever stands between asks each time.
          headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', ...condition },
          body: text,
          sha256: sha256Of(text),
        })
      const response = await put(tag === undefined ? { 'if-none-match': '*' } : { 'if-match': tag })
      if (response.status === 200) return 'done'
      // 409: another writes at this very moment; 404: it is gone.
      if ([404, 409, 412].includes(response.status)) return 'crossed'
      if (response.status !== 501) throw refused(response, `${s3.address}/${key}`)
      const second = await put({})
      if (second.status === 200) return 'unguarded'
      throw refused(second, `${s3.address}/${key}`)
    },
  }
}
