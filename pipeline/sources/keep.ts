/** Bytes under the name of their own sha256: the same file is kept once, and a name is a promise of its content. */
import { createHash, randomUUID } from 'node:crypto'
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StratesError } from '../../core/observations/error.ts'
import type { SourceFile } from './source.ts'

/** What is known of a file once its bytes are kept. */
export type KeptBytes = Pick<SourceFile, 'path' | 'bytes' | 'sha256'>

/**
 * Writes `chunks` to `<folder>/<sha256><extension>`, under a temporary name until the last byte: a killed run, or
 * `chunks` that throw, leave no half file under a true name. A file already there is left as it is.
 *
 * @throws whatever `chunks` throw, as it is; {StratesError} CONFIGURATION_INVALID when the folder cannot be written.
 */
export async function keepBytes(chunks: AsyncIterable<Buffer>, folder: string, extension: string): Promise<KeptBytes> {
  const temporary = join(folder, `.${randomUUID()}.tmp`)
  const hash = createHash('sha256')
  let bytes = 0
  let failed: { error: unknown } | undefined
  async function* hashed(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    } catch (error) {
      failed = { error }
      throw error
    }
  }
  try {
    await mkdir(folder, { recursive: true })
    // Opened before anything is read: a stream opens its file by and by, after what failed at once was cleared away.
    const file = await open(temporary, 'wx')
    await pipeline(hashed, file.createWriteStream())
    const sha256 = hash.digest('hex')
    const path = join(folder, `${sha256}${extension}`)
    if (!(await exists(path))) await rename(temporary, path)
    return { path, bytes, sha256 }
  } catch (error) {
    throw failed ? failed.error : unwritable(folder, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** Removes what a killed run left half written; only for whoever holds the lock of the store. */
export async function clearHalfFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((entry) => entry.startsWith('.'))) await rm(join(folder, name), { force: true })
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function unwritable(folder: string, cause: unknown): StratesError {
  return new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: `A file cannot be written into the store (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
    on: folder,
    expected: 'a folder that may be written, on a disk with room',
    remedy: 'Free some space, mend the permissions, or point STRATES_DATA elsewhere.',
    cause,
  })
}
