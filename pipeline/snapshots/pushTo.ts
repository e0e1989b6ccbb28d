import { StratesError } from '../../core/observations/error.ts'
import { shownAddress, type StoreAddress } from '../../core/snapshots/address.ts'
import { unreachable } from '../../core/snapshots/snapshot.ts'
import { pushSnapshot } from './push.ts'
import { openWritable } from './writable.ts'

/**
 * Publishes the current version of a store for replicas, and says what came of it. The store here has it either way.
 * @returns false where it should be there and is not.
 */
export async function pushTo(address: StoreAddress, data: string, say: (line: string) => void): Promise<boolean> {
  const remote = openWritable(address)
  if (remote === undefined) {
    say(`not pushed: ${shownAddress(address)} is only read; s3:// and file:// are written`)
    return true
  }
  try {
    const { snapshot, files, bytes, outcome, left } = await pushSnapshot(data, remote)
    const put = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`
    say(`${outcome === 'same' ? 'is there already' : 'pushed'}: snapshot ${snapshot} to ${remote.address}, ${put}`)
    if (outcome === 'unguarded')
      say('warning: this service cannot tell two publishers apart: the last to write wins; let only one publish')
    for (const { message } of left) say(`warning: an old snapshot was not cleared away: ${message}`)
    return true
  } catch (error) {
    const { code, message } = asTold(error, remote.address)
    say(`NOT PUSHED: ${code}: ${message}`)
    return false
  }
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
