import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BOUNDARY_FORMATS, type BoundaryList, type BoundaryRecord } from '../core/store/boundaries.ts'
import { STORE_FILES } from '../core/store/manifest.ts'
import type { Boundaries, WrittenBoundaries } from './boundaries/build.ts'
import { createPackedText } from './packedText.ts'

/** The smallest: these files are few, and a page waits for them. */
const LEVEL = 9

/** How many bytes of text one block packs. */
const BLOCK_BYTES = 1_000_000

/** Writes the boundaries of a version, packed, and the list that names them. */
export async function writeBoundaries(folder: string, { list, files }: Boundaries): Promise<void> {
  const records: BoundaryRecord[] = []
  for (const file of files) records.push(await writeSet(folder, file))
  const { geography, sources, refused, withoutBoundary, notCovered } = list
  const all: BoundaryList = { geography, sources, refused, files: records, withoutBoundary, notCovered }
  await writeFile(join(folder, STORE_FILES.boundaries), `${JSON.stringify(all)}\n`)
}

async function writeSet(folder: string, written: WrittenBoundaries): Promise<BoundaryRecord> {
  const { name, tier, departement, count, tolerance } = written
  const formats: BoundaryRecord['formats'][number][] = []
  for (const format of BOUNDARY_FORMATS) {
    const file = STORE_FILES.boundary(name, format)
    formats.push({ format, file, ...(await writePacked(join(folder, file), written[format])) })
  }
  return { name, tier, ...(departement !== undefined && { departement }), count, tolerance, formats }
}

async function writePacked(path: string, text: string) {
  const bytes = Buffer.from(text)
  const packed = await createPackedText(path, LEVEL)
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) await packed.write(bytes.subarray(at, at + BLOCK_BYTES))
  return packed.close()
}
