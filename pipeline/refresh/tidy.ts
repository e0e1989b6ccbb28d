import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { STORE_FILES } from '../../core/store/manifest.ts'
import { VERSIONS_FOLDER } from '../../core/store/current.ts'
import { SOURCES_FOLDER } from '../snapshot.ts'
import { MEMORY_FILE } from '../sources/memory.ts'

const HASH = /[0-9a-f]{64}/g

/**
 * Removes the untouched files that no version held was made from and no memory names: a store that looks for years must not
 * grow for ever. What names a file is read as text, so that a version of any layout keeps what it names.
 */
export async function tidySources(data: string): Promise<void> {
  const sources = join(data, SOURCES_FOLDER)
  const versions = await readdir(join(data, VERSIONS_FOLDER))
  const naming = [
    join(sources, MEMORY_FILE),
    ...versions.flatMap((version) =>
      [STORE_FILES.manifest, STORE_FILES.boundaries].map((name) => join(data, VERSIONS_FOLDER, version, name)),
    ),
  ]
  const texts = await Promise.all(naming.map((path) => readFile(path, 'utf8').catch(() => '')))
  const named = new Set(texts.flatMap((text) => text.match(HASH) ?? []))
  for (const name of await readdir(sources)) {
    const [hash = '', ...extension] = name.split('.')
    if (/^[0-9a-f]{64}$/.test(hash) && extension.length === 1 && !named.has(hash)) await rm(join(sources, name))
  }
}
