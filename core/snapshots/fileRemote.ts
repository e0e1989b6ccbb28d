import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileAddress } from './address.ts'
import type { Remote } from './remote.ts'
import { unreachable } from './snapshot.ts'

/** Snapshots in a folder. */
export function fileRemote({ folder }: FileAddress): Remote {
  return {
    address: folder,
    async open(key, { tag } = {}) {
      const path = join(folder, key)
      const failed = (cause: unknown) =>
        unreachable(
          `A file of the snapshots cannot be read (${(cause as NodeJS.ErrnoException).code})`,
          path,
          'a file that this user may read',
          cause,
        )
      try {
        const { ino, mtimeNs, size } = await stat(path, { bigint: true })
        const found = `${ino}-${mtimeNs}-${size}`
        // Where it is replaced right now the bytes are newer than the tag: they are then read once more.
        return found === tag ? 'unchanged' : { tag: found, bytes: readToEnd(path, failed) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw failed(error)
      }
    },
  }
}

async function* readToEnd(path: string, failed: (cause: unknown) => Error): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw failed(error)
  }
}
