/** Official files that someone has already downloaded: `--from DIR`. */
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { keepBytes, type KeptBytes } from './keep.ts'
import { portalPage } from './portal.ts'
import type { Source, SourceFile, SourceRequest, SourceTarget } from './source.ts'

const extensions = ['.csv', '.parquet']

/**
 * A source that reads one folder, not its subfolders. A file belongs to a dataset when its name ends in `.csv` or
 * `.parquet` and matches one of the dataset's patterns.
 */
export function createFolderSource(folder: string, clock: () => Date = () => new Date()): Source {
  return {
    name: 'folder',
    async fetch(request, target) {
      const names = recognise(await namesIn(folder), request.fileNames)
      const files: SourceFile[] = []
      for (const name of names) files.push(await keep(join(folder, name), request, target, clock))
      return files
    },
  }
}

/**
 * The error of a folder that holds no file of any dataset; a caller throws it once every dataset came back empty.
 * `recognised` are the names that would have been taken, written for a person.
 */
export async function noSourceFile(folder: string, recognised: readonly string[]): Promise<StratesError> {
  const found = (await namesIn(folder)).slice(0, 20)
  return new StratesError({
    code: 'NO_SOURCE_FILE',
    what: 'The folder holds no file of a known dataset',
    on: found.length === 0 ? `${folder}, which is empty` : `${folder}, which holds ${found.join(', ')}`,
    expected: `one of ${recognised.join(', ')}`,
    remedy: 'Give the official file its original name, or point --from at its folder (subfolders are not searched).',
    details: { folder, recognised },
  })
}

/** The names, sorted, that belong to a dataset. */
export function recognise(names: readonly string[], patterns: readonly RegExp[]): string[] {
  return names
    .filter((name) => extensions.includes(extname(name).toLowerCase()))
    .filter((name) => patterns.some((pattern) => name.search(pattern) !== -1))
    .sort()
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  } catch (error) {
    throw new StratesError({
      code: 'FOLDER_NOT_FOUND',
      what: 'The folder cannot be read',
      on: folder,
      expected: 'a folder with the official CSV or Parquet files',
      remedy: 'Check the path given to --from.',
      details: { folder },
      cause: error,
    })
  }
}

async function keep(
  path: string,
  request: SourceRequest,
  target: SourceTarget,
  clock: () => Date,
): Promise<SourceFile> {
  const name = basename(path)
  const { size, mtimeMs } = await stat(path)
  if (size === 0) throw unreadable(request.datasetId, name, 'The file is empty', 'Download it again.')
  const marks = { stamp: `${size} ${mtimeMs}` }
  const address = resolve(path)
  const before = await target.memory?.recall(address)
  const copied = before?.marks.stamp === marks.stamp ? before.kept : await copy(path, request, target)
  if (before?.kept !== copied) await target.memory?.remember(address, { kept: copied, marks })
  const url = request.portal ? portalPage(request.portal) : name
  return { datasetId: request.datasetId, name, url, ...copied, retrievedAt: clock().toISOString() }
}

function copy(path: string, { datasetId }: SourceRequest, { folder }: SourceTarget): Promise<KeptBytes> {
  return keepBytes(createReadStream(path), folder, extname(path).toLowerCase()).catch((error: unknown) => {
    if (error instanceof StratesError) throw error
    throw unreadable(datasetId, basename(path), 'The file cannot be read', 'Check its permissions.', error)
  })
}

function unreadable(datasetId: string, name: string, what: string, remedy: string, cause?: unknown): StratesError {
  return new StratesError({
    code: 'SOURCE_UNREADABLE',
    what,
    on: `${datasetId}, ${name}`,
    expected: 'a CSV or Parquet file that can be read',
    remedy,
    details: { datasetId, file: name },
    ...(cause === undefined ? {} : { cause }),
  })
}
