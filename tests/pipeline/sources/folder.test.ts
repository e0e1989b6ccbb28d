import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolderSource, noSourceFile, recognise } from '../../../pipeline/sources/folder.ts'
import { openMemory } from '../../../pipeline/sources/memory.ts'
import { silent } from '../../../pipeline/sources/progress.ts'
import { describeSource, fixedClock } from './contract.ts'

const ecoles = { datasetId: 'ecoles', fileNames: [/^fr-en-ecoles-.*/i] }

describeSource('folder', async (bytes) => {
  const folder = await mkdtemp(join(tmpdir(), 'strates-from-'))
  await writeFile(join(folder, 'fr-en-ecoles-effectifs.csv'), bytes)
  return {
    source: createFolderSource(folder, fixedClock),
    request: ecoles,
    unknown: { datasetId: 'lycees', fileNames: [/^fr-en-lycee/] },
    close: () => rm(folder, { recursive: true }),
  }
})

describe('the folder source', () => {
  let folder: string
  let target: { folder: string; progress: typeof silent }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-from-'))
    target = { folder: join(folder, 'store'), progress: silent }
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('takes CSV and Parquet by name, in order, and leaves other files and subfolders alone', async () => {
    for (const name of ['fr-en-ecoles-b.PARQUET', 'fr-en-ecoles-a.csv', 'fr-en-ecoles.xlsx', 'autre.csv']) {
      await writeFile(join(folder, name), name)
    }
    await mkdir(join(folder, 'sub'))
    await writeFile(join(folder, 'sub', 'fr-en-ecoles-c.csv'), 'x')
    await mkdir(join(folder, 'fr-en-ecoles-d.csv'))
    const files = await createFolderSource(folder).fetch(ecoles, target)
    expect(files.map(({ name }) => name)).toEqual(['fr-en-ecoles-a.csv', 'fr-en-ecoles-b.PARQUET'])
    expect(files[1]!.path).toMatch(/[0-9a-f]{64}\.parquet$/)
  })

  it('gives the page of the portal as the place to look, never a path of this machine', async () => {
    await writeFile(join(folder, 'fr-en-ecoles.csv'), 'a;b\n')
    await writeFile(join(folder, 'fr-en-ecoles-2.csv'), 'a;b;c\n')
    const portal = { host: 'data.example.fr', datasetId: 'fr-en-ecoles' }
    const [published] = await createFolderSource(folder).fetch(
      { ...ecoles, fileNames: [/^fr-en-ecoles\.csv$/], portal },
      target,
    )
    const [unpublished] = await createFolderSource(folder).fetch({ ...ecoles, fileNames: [/^fr-en-ecoles-2/] }, target)
    expect(published!.url).toBe('https://data.example.fr/explore/dataset/fr-en-ecoles/')
    expect(unpublished!.url).toBe('fr-en-ecoles-2.csv')
  })

  it('names a folder that does not exist', async () => {
    const missing = join(folder, 'nulle-part')
    const refused = createFolderSource(missing).fetch(ecoles, target)
    await expect(refused).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' })
    await expect(refused).rejects.toThrow(missing)
  })

  it.skipIf(process.getuid?.() === 0)('names a file it may not read', async () => {
    const path = join(folder, 'fr-en-ecoles.csv')
    await writeFile(path, 'a;b\n')
    await chmod(path, 0)
    await expect(createFolderSource(folder).fetch(ecoles, target)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
    expect(await readdir(target.folder)).toEqual([])
  })

  it('says, when no file is known, what the folder holds and what would be taken', async () => {
    await writeFile(join(folder, 'notes.txt'), 'x')
    const error = await noSourceFile(folder, ['fr-en-ecoles-effectifs-nb_classes.csv'])
    expect(error.code).toBe('NO_SOURCE_FILE')
    expect(error.message).toContain('notes.txt')
    expect(error.message).toContain('fr-en-ecoles-effectifs-nb_classes.csv')
  })

  it('recognises names with a sticky or global pattern as with a plain one', () => {
    const names = ['ecoles-1.csv', 'ecoles-2.csv', 'ecoles-3.csv']
    expect(recognise(names, [/ecoles/g])).toEqual(names)
    expect(recognise(names, [/ecoles/y])).toEqual(names)
  })
})

describe('the folder source with a memory', () => {
  it('reads a file again only where its size or time is another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'strates-from-'))
    const store = join(folder, 'store')
    const path = join(folder, 'fr-en-ecoles-2022.csv')
    const put = async (text: string, time: Date) => {
      await writeFile(path, text)
      await utimes(path, time, time)
    }
    const take = async () => {
      const memory = await openMemory(store)
      const [file] = await createFolderSource(folder).fetch(ecoles, { folder: store, progress: silent, memory })
      return await readFile(file!.path, 'utf8')
    }
    const [monday, tuesday] = [new Date('2026-01-05'), new Date('2026-01-06')]
    await put('a;b\n1;2\n', monday)
    expect(await take()).toBe('a;b\n1;2\n')
    // Nobody looks inside: what was kept stands for it.
    await put('a;b\n1;3\n', monday)
    expect(await take()).toBe('a;b\n1;2\n')
    await put('a;b\n1;3\n', tuesday)
    expect(await take()).toBe('a;b\n1;3\n')
    // What was kept is gone: it is read again.
    for (const name of await readdir(store)) if (name.endsWith('.csv')) await rm(join(store, name))
    expect(await take()).toBe('a;b\n1;3\n')
    await rm(folder, { recursive: true })
  })
})
