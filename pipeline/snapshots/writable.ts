import type { FileAddress, HttpAddress, S3Address } from '../../core/snapshots/address.ts'
import type { Remote } from '../../core/snapshots/remote.ts'
import { fileWritable } from './fileWritable.ts'
import { s3Writable } from './s3Writable.ts'
import type { ListedFile } from '../../core/snapshots/snapshot.ts'

/** Where snapshots are put. */
export interface WritableRemote extends Remote {
  /** Whether a file is there, whole, with these bytes. */
  has(key: string, file: ListedFile): Promise<boolean>
  /** Puts a file of this machine there; whoever reads sees it whole or not at all. */
  put(key: string, path: string, file: ListedFile): Promise<void>
  /** Removes a file; one that is not there is none to remove. */
  remove(key: string): Promise<void>
  /**
   * Replaces a small file where it still has the given tag, or is still absent where that is undefined.
   * `crossed`: another was faster, and nothing was changed. `unguarded`: replaced, by a service that cannot tell.
   */
  replace(key: string, text: string, tag: string | undefined): Promise<'done' | 'crossed' | 'unguarded'>
}

/** Where snapshots can be put; undefined for a web server, which is only read. Into a database one publishes otherwise: `postgresWritable.ts`. */
export function openWritable(address: FileAddress | HttpAddress | S3Address): WritableRemote | undefined {
  switch (address.kind) {
    case 'file':
      return fileWritable(address)
    case 'http':
      return undefined
    case 's3':
      return s3Writable(address)
  }
}
