import { AwsV4Signer } from 'aws4fetch'
import type { S3Address } from './address.ts'
import { send, type Received, type Sent } from './request.ts'
import { sha256Of } from './snapshot.ts'

/** Sends signed requests (AWS Signature Version 4) about the files of a bucket. */
export interface S3 {
  readonly address: string
  send(key: string, request: S3Request): Promise<Received>
}

/** A request about one file. `sha256` is that of the body: it is signed too. */
export interface S3Request extends Omit<Sent, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
  readonly sha256?: string
}

const EMPTY = sha256Of('')

/** A bucket, and the key to it. The key never leaves this but as a signature. */
export function openS3({ url, region, accessKeyId, secretAccessKey, sessionToken }: S3Address): S3 {
  const signingKeys = new Map<string, ArrayBuffer>()
  return {
    address: url,
    async send(key, { headers = {}, sha256 = EMPTY, ...request }) {
      const on = `${url}/${key}`
      const signed = await new AwsV4Signer({
        url: on,
        method: request.method,
        headers: { ...headers, 'x-amz-content-sha256': sha256 },
        service: 's3',
        region,
        accessKeyId,
        secretAccessKey,
        ...(sessionToken !== undefined && { sessionToken }),
        cache: signingKeys,
      }).sign()
      return send(signed.url, on, { ...request, headers: signed.headers })
    },
  }
}
