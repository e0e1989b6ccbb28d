import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StratesError } from '../core/observations/error.ts'
import type { OwnerName } from '../core/observations/owner.ts'
import { corrupt, currentVersion, VERSIONS_FOLDER } from '../core/store/current.ts'
import { currentManifest } from '../core/store/open.ts'
import { QUARANTINE_FILE } from '../core/store/quarantine.ts'
import { filesOfTier } from '../core/store/tierFiles.ts'
import { pointTo, prune } from './publish.ts'

/**
 * Copies what one subgraph needs of the current version into a store of its own, and points to it there by one rename: a subgraph that
 * serves from that folder goes over to it. The version before stays, for questions under way.
 * @param data the store. @param to the folder of the other store, made where there is none.
 * @returns the version, and how many files it has there.
 * @throws StratesError STORE_MISSING when nothing was published, STORE_CORRUPT when a file cannot be copied.
 */
export async function exportTier(
  data: string,
  owner: OwnerName,
  to: string,
): Promise<{ readonly version: string; readonly files: number }> {
  const version = await currentVersion(data)
  if (version === undefined) throw missing(data)
  const folder = join(data, VERSIONS_FOLDER, version)
  const manifest = await currentManifest(data)
  if (manifest === undefined) throw corrupt(folder, 'The manifest cannot be read', 'that of a version of this release')
  const names = filesOfTier(owner)
  const building = join(to, VERSIONS_FOLDER, `.building-${process.pid}`)
  await mkdir(building, { recursive: true })
  try {
    for (const name of names) await copyFile(join(folder, name), join(building, name))
  } catch (cause) {
    await rm(building, { recursive: true, force: true })
    throw corrupt(folder, `A file cannot be copied (${(cause as Error).message})`, 'all files of the version', cause)
  }
  await putInPlace(building, join(to, VERSIONS_FOLDER, version))
  // What was refused stands beside the versions, where anything was.
  await copyFile(join(data, QUARANTINE_FILE), join(to, QUARANTINE_FILE)).catch(() =>
    rm(join(to, QUARANTINE_FILE), { force: true }),
  )
  const before = await currentVersion(to).catch(() => undefined)
  await pointTo(to, version)
  await prune(join(to, VERSIONS_FOLDER), new Set([version, before]))
  return { version, files: names.length }
}

/** The same version may stand there already: its content is the same, and what stands beside it may have moved on. */
async function putInPlace(building: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  for (const name of await readdir(building)) await rename(join(building, name), join(target, name))
  await rm(building, { recursive: true })
}

const missing = (data: string): StratesError =>
  new StratesError({
    code: 'STORE_MISSING',
    what: 'There is no store to take a part of',
    on: `folder ${data}`,
    expected: 'a version published by an ingest',
    remedy: 'Run npm run ingest first; STRATES_DATA says where the store is.',
  })
