import { StratesError } from '../../core/observations/error.ts'
import { shownAddress, type StoreAddress } from '../../core/snapshots/address.ts'
import { unreachable } from '../../core/snapshots/snapshot.ts'
import { publishToDatabase } from '../database/publish.ts'
import { pushSnapshot, type Pushed } from './push.ts'
import { openWritable } from './writable.ts'

/**
 * Publishes the current version of a store for replicas, and says what came of it. The store here has it either way.
 * @returns false where it should be there and is not.
 */
export async function pushTo(address: StoreAddress, data: string, say: (line: string) => void): Promise<boolean> {
  const shown = shownAddress(address)
  try {
    const pushed = await push(address, data, say)
    if (pushed === undefined) {
      say(`not pushed: ${shown} is only read; s3:// and file:// are written`)
      return true
    }
    const { snapshot, files, bytes, outcome, left } = pushed
    const put = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`
    say(`${outcome === 'same' ? 'is there already' : 'pushed'}: snapshot ${snapshot} to ${shown}, ${put}`)
    if (outcome === 'unguarded')
      say('warning: this service cannot tell two publishers apart: the last to write wins; let only one publish')
    for (const { message } of left) say(`warning: an old snapshot was not cleared away: ${message}`)
    return true
  } catch (error) {
    const { code, message } = asTold(error, shown)
    say(`NOT PUSHED: ${code}: ${message}`)
    return false
  }
}

/** @returns undefined where snapshots are only read. */
async function push(address: StoreAddress, data: string, say: (line: string) => void): Promise<Pushed | undefined> {
  if (address.kind === 'postgres') return publishToDatabase(address, data, say)
  const remote = openWritable(address)
  return remote && pushSnapshot(data, remote)
}

/** A disk that refuses tells only a code. */
function asTold(error: unknown, address: string): StratesError {
  if (error instanceof StratesError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return unreachable(
    `The snapshot cannot be written (${code})`,
    address,
    'a folder with room, that this user may write',
    error,
  )
}
