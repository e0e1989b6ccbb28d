import { copyFile, mkdir, open, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FileAddress } from '../../core/snapshots/address.ts'
import { fileRemote } from '../../core/snapshots/fileRemote.ts'
import { sha256Of } from '../../core/snapshots/snapshot.ts'
import type { WritableRemote } from './writable.ts'

/** A folder that nobody else can make at the same moment: who makes it replaces, the others wait. */
const LOCK = '.replacing'
/** A lock so old is nobody's: it is held for a few milliseconds. */
const ABANDONED_MS = 30_000

/** Puts snapshots into a folder. */
export function fileWritable(address: FileAddress): WritableRemote {
  const remote = fileRemote(address)
  const pathOf = (key: string) => join(address.folder, key)
  return {
    ...remote,
    async has(key, { bytes, sha256 }) {
      const found = await readFile(pathOf(key)).catch(() => undefined)
      return found !== undefined && found.length === bytes && sha256Of(found) === sha256
    },
    put: (key, path) => inPlace(pathOf(key), (temporary) => copyFile(path, temporary)),
    async remove(key) {
      await rm(pathOf(key), { force: true })
      // The folder of a snapshot goes with its last file.
      await rmdir(dirname(pathOf(key))).catch(() => undefined)
    },
    async replace(key, text, tag) {
      await mkdir(address.folder, { recursive: true })
      return locked(join(address.folder, LOCK), async () => {
        const found = await remote.open(key)
        const foundTag = found === undefined || found === 'unchanged' ? undefined : found.tag
        if (foundTag !== tag) return 'crossed'
        await inPlace(pathOf(key), (temporary) => writeFile(temporary, text))
        return 'done'
      })
    },
  }
}

async function inPlace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await write(temporary)
    const handle = await open(temporary, 'r+')
    await handle.sync().finally(() => handle.close())
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function locked<Result>(lock: string, act: () => Promise<Result>): Promise<Result> {
  while (!(await take(lock))) {
    const held = await stat(lock).catch(() => undefined)
    if (held !== undefined && Date.now() - held.mtimeMs > ABANDONED_MS) await rmdir(lock).catch(() => undefined)
    await wait(20)
  }
  try {
    return await act()
  } finally {
    await rmdir(lock)
  }
}

const take = (lock: string): Promise<boolean> =>
  mkdir(lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
