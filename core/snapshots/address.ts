import { shownDatabase, type PostgresAddress } from '../database/address.ts'

/** Where snapshots are published. */
export type StoreAddress = FileAddress | HttpAddress | S3Address | PostgresAddress

/** A folder: a shared disk. */
export interface FileAddress {
  readonly kind: 'file'
  readonly folder: string
}

/** A web server: snapshots are read from it, and put there by other means. */
export interface HttpAddress {
  readonly kind: 'http'
  /** Without a slash at the end. */
  readonly url: string
}

/** A bucket of Amazon S3, or of a service that speaks its protocol. */
export interface S3Address {
  readonly kind: 's3'
  /** What the key of a file is written behind: the address of the bucket and the prefix, without a slash at the end. */
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Beside keys that are given for a while; undefined for lasting ones. */
  readonly sessionToken: string | undefined
}

/** Whether an address is of this machine only, so that nobody listens on the way. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** What people read of an address: nothing of who may use it. */
export function shownAddress(address: StoreAddress): string {
  if (address.kind === 'postgres') return shownDatabase(address)
  return address.kind === 'file' ? address.folder : address.url
}
