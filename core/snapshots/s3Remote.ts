import type { S3Address } from './address.ts'
import type { Remote } from './remote.ts'
import { asFile } from './request.ts'
import { openS3 } from './s3.ts'

/** Snapshots in a bucket. */
export function s3Remote(address: S3Address): Remote {
  const s3 = openS3(address)
  return {
    address: s3.address,
    async open(key, { tag } = {}) {
      const headers = tag === undefined ? {} : { 'if-none-match': tag }
      return asFile(await s3.send(key, { method: 'GET', headers }), `${s3.address}/${key}`, [404])
    },
  }
}
