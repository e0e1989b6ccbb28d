import { join } from 'node:path'
import { readFeed, readPlain, type PackedFile } from '../../../core/store/feeds.ts'
import type { SentFile } from '../file.ts'

/**
 * A file of a version of the store as it is sent: packed to who takes gzip, else unpacked, whole or in part.
 * @param folder that of the version.
 */
export function packedFile(
  folder: string,
  file: PackedFile,
  facts: Pick<SentFile, 'name' | 'mediaType' | 'links' | 'headers'>,
): SentFile {
  const path = join(folder, file.file)
  const hash = file.sha256.slice(0, 16)
  return {
    ...facts,
    etag: `"${hash}"`,
    bytes: file.bytes,
    read: (first, last) => readFeed(folder, file, first, last),
    path,
    ...(file.blocks !== undefined && {
      packed: {
        etag: `"${hash}-gzip"`,
        bytes: file.packedBytes,
        read: () => readPlain(path, 0, file.packedBytes - 1),
      },
    }),
  }
}
