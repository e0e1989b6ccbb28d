import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { corrupt } from './current.ts'
import type { Manifest } from './manifest.ts'

/**
 * Reads a file of the store that holds JSON.
 * @throws StratesError STORE_CORRUPT when it cannot be read, or is not of the shape.
 */
export async function readJson<Content>(path: string, shape: z.ZodType = z.any()): Promise<Content> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw corrupt(path, 'A file of the store cannot be read', 'a file of the current version', cause)
  })
  try {
    return shape.parse(JSON.parse(text)) as Content
  } catch (cause) {
    throw corrupt(path, 'A file of the store is damaged', 'the JSON that an ingest writes', cause)
  }
}

/**
 * Holds those files of a version that are needed against its manifest.
 * @throws StratesError STORE_CORRUPT when one is missing or damaged.
 */
export async function checkFiles(folder: string, manifest: Manifest, needed: ReadonlySet<string>): Promise<void> {
  for (const { name, bytes, sha256 } of manifest.files.filter((file) => needed.has(file.name))) {
    const path = join(folder, name)
    const content = await readFile(path).catch((cause: unknown) => {
      throw corrupt(path, 'A file of the store is missing', 'the file that the manifest lists', cause)
    })
    const found = createHash('sha256').update(content).digest('hex')
    if (found !== sha256) {
      throw corrupt(
        path,
        'A file of the store is damaged',
        `${bytes} bytes with sha256 ${sha256}, found ${content.length} bytes with ${found}`,
      )
    }
  }
}
