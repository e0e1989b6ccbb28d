/** Official boundaries that someone has downloaded: `--boundaries DIR`, and what the version before was drawn from. */
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'
import { StratesError } from '../../core/observations/error.ts'
import type { RefusedBoundaries } from '../../core/store/boundaries.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { STORE_FILES } from '../../core/store/manifest.ts'
import type { BoundaryBytes } from '../boundaries/build.ts'
import { tierOfFile } from '../boundaries/read.ts'
import { keepBytes } from './keep.ts'

/** Files of boundaries, to be read one at a time, and those that are not to be read. */
export interface BoundaryFiles {
  /** As often as they are asked for. */
  readonly files: AsyncIterable<BoundaryBytes>
  readonly refused: readonly RefusedBoundaries[]
}

/** A file whose bytes are kept under their hash. */
interface KeptFile {
  readonly name: string
  readonly sha256: string
  readonly path: string
}

const EXTENSIONS = ['.geojson', '.json']

/** The most bytes of one file: parsed, it takes ten times as much memory. The communes of France at 100 m take about 30 MB. */
const MOST_BYTES = 64_000_000

/** The most bytes of all files together: what is drawn of them is in memory at once. */
const MOST_BYTES_TOGETHER = 200_000_000

const NAMES = 'names that begin with communes, departements or regions and end in .geojson'

/**
 * Takes the files of a folder, untouched; not its subfolders, and nothing but `.geojson` and `.json`.
 * @param kept the store's `sources/` folder.
 * @throws StratesError FOLDER_NOT_FOUND, or NO_SOURCE_FILE where no file of the folder can be one of boundaries.
 */
export async function takeBoundaries(folder: string, kept: string): Promise<BoundaryFiles> {
  const names = (await namesIn(folder)).filter((name) => EXTENSIONS.includes(extname(name).toLowerCase()))
  if (!names.some((name) => tierOfFile(name) !== undefined)) throw nothingIn(folder, names)
  const taken: KeptFile[] = []
  const refused: RefusedBoundaries[] = []
  let together = 0
  for (const name of names) {
    const path = join(folder, name)
    try {
      if (tierOfFile(name) === undefined) throw unnamed(name)
      const { size } = await stat(path).catch((cause: unknown) => {
        throw unreadable(name, cause)
      })
      if (size > MOST_BYTES) throw tooLarge(name, size, MOST_BYTES)
      together += size
      if (together > MOST_BYTES_TOGETHER) throw tooLarge(name, together, MOST_BYTES_TOGETHER)
      const { sha256, path: at } = await keepBytes(createReadStream(path), kept, '.geojson').catch((cause: unknown) => {
        throw cause instanceof StratesError ? cause : unreadable(name, cause)
      })
      taken.push({ name, sha256, path: at })
    } catch (error) {
      if (!(error instanceof StratesError) || error.code === 'CONFIGURATION_INVALID') throw error
      refused.push({ name, code: error.code, message: error.message })
    }
  }
  return { files: { [Symbol.asyncIterator]: () => read(taken) }, refused }
}

/** The files that the current version was drawn from, as far as they are still there; undefined where it has none. */
export async function boundariesOfCurrentVersion(data: string, kept: string): Promise<BoundaryFiles | undefined> {
  const sources = await sourcesOfCurrentVersion(data)
  if (sources === undefined) return undefined
  const taken: KeptFile[] = []
  const refused: RefusedBoundaries[] = []
  for (const { name, sha256 } of sources) {
    const path = join(kept, `${sha256}.geojson`)
    const isThere = await stat(path).catch(() => undefined)
    if (isThere) taken.push({ name, sha256, path })
    else refused.push({ name, code: 'SOURCE_UNREADABLE', message: gone(name, path).message })
  }
  return { files: { [Symbol.asyncIterator]: () => read(taken) }, refused }
}

/** Whatever the layout of the version: a newer one is drawn from the same files. */
async function sourcesOfCurrentVersion(data: string): Promise<z.infer<typeof SOURCES>['sources'] | undefined> {
  const version = await currentVersion(data).catch(() => undefined)
  if (version === undefined) return undefined
  const path = join(data, VERSIONS_FOLDER, version, STORE_FILES.boundaries)
  try {
    return SOURCES.parse(JSON.parse(await readFile(path, 'utf8'))).sources
  } catch {
    return undefined
  }
}

const SOURCES = z.object({
  sources: z.array(z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})

async function* read(files: readonly KeptFile[]): AsyncGenerator<BoundaryBytes> {
  for (const { name, sha256, path } of files) yield { name, sha256, content: await readFile(path) }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted()
  } catch (cause) {
    throw new StratesError({
      code: 'FOLDER_NOT_FOUND',
      what: 'The folder of boundaries cannot be read',
      on: folder,
      expected: 'a folder with official GeoJSON files',
      remedy: 'Check the path given to --boundaries.',
      details: { folder },
      cause,
    })
  }
}

const nothingIn = (folder: string, names: readonly string[]): StratesError =>
  new StratesError({
    code: 'NO_SOURCE_FILE',
    what: 'The folder holds no file of boundaries',
    on: names.length === 0 ? folder : `${folder}, which holds ${names.slice(0, 20).join(', ')}`,
    expected: NAMES,
    remedy: 'Name the files after their tier, or point --boundaries at their folder (subfolders are not searched).',
    details: { folder },
  })

const unnamed = (name: string): StratesError =>
  new StratesError({
    code: 'NO_SOURCE_FILE',
    what: 'The name of the file does not tell its tier',
    on: name,
    expected: NAMES,
    remedy: 'Rename it, or take it out of the folder.',
    details: { file: name },
  })

const tooLarge = (name: string, bytes: number, most: number): StratesError =>
  new StratesError({
    code: 'SOURCE_UNREADABLE',
    what: `${most === MOST_BYTES ? 'The file is' : 'The files are together'} too large (${bytes} bytes)`,
    on: name,
    expected: `at most ${most} bytes`,
    remedy: 'Take a more simplified edition: maps here need no more than 100 m.',
    details: { file: name },
  })

const unreadable = (name: string, cause: unknown): StratesError =>
  new StratesError({
    code: 'SOURCE_UNREADABLE',
    what: 'The file cannot be read',
    on: name,
    expected: 'a GeoJSON file that can be read',
    remedy: 'Check its permissions and, of a link, that it leads to a file.',
    details: { file: name },
    cause,
  })

const gone = (name: string, path: string): StratesError =>
  new StratesError({
    code: 'SOURCE_UNREADABLE',
    what: 'The file that the version before was drawn from is gone',
    on: `${name}, kept as ${path}`,
    expected: 'the bytes that were taken then',
    remedy: 'Give --boundaries again, or --no-boundaries.',
    details: { file: name },
  })
