import type { OwnerName } from '../observations/owner.ts'
import { wantedFiles } from '../store/tierFiles.ts'
import type { StoreAddress } from './address.ts'
import { followSnapshots, type Follower, type FollowEvent } from './follow.ts'
import { openRemote } from './open.ts'

/** What a process follows, and for whom. */
export interface FollowStoreOptions {
  /** The folder that is filled: of this process alone. */
  readonly data: string
  readonly address: StoreAddress
  readonly everyMs: number
  /** For these owners files are taken; for one alone those of its tier. */
  readonly owners: readonly OwnerName[]
  readonly report: (event: FollowEvent) => void
}

/**
 * Follows the store that is published at an address. Where that is a database, rows are read there: of each version files are taken of all
 * else, and a version that is in the folder is served once the database was asked which one is current.
 */
export function followStore({ data, address, everyMs, owners, report }: FollowStoreOptions): Follower {
  const isDatabase = address.kind === 'postgres'
  return followSnapshots(data, openRemote(address), {
    everyMs,
    report,
    asksFirst: isDatabase,
    wants: wantedFiles(owners, { readsFiles: !isDatabase }),
  })
}
