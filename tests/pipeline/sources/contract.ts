/** What every source connector promises, whatever it connects to. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../../pipeline/sources/progress.ts'
import type { Source, SourceRequest } from '../../../pipeline/sources/source.ts'

/** A connector in front of which a test can lay one file. */
export interface Stage {
  readonly source: Source
  /** Asks for the dataset that holds the file. */
  readonly request: SourceRequest
  /** Asks for a dataset that the place does not hold. */
  readonly unknown: SourceRequest
  close(): Promise<void>
}

/** The moment at which every clock of the suite stands. */
export const fixedClock = (): Date => new Date('2026-01-02T03:04:05Z')

/** Runs the suite; `lay` opens a stage whose dataset is one CSV file of these bytes. */
export function describeSource(name: string, lay: (bytes: Buffer) => Promise<Stage>): void {
  describe(`the ${name} source, as every source`, () => {
    let folder: string
    beforeEach(async () => {
      folder = join(await mkdtemp(join(tmpdir(), 'strates-source-')), 'sources')
    })
    afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

    const bytes = Buffer.from('\ufeffuai;nom\r\n0999999A;"École ; inventée"\r\n', 'utf8')
    const target = (): { folder: string; progress: typeof silent } => ({ folder, progress: silent })

    it('delivers the bytes untouched, under the name of their sha256', async () => {
      const stage = await lay(bytes)
      try {
        const [file, ...others] = await stage.source.fetch(stage.request, target())
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        expect(others).toEqual([])
        expect(file).toMatchObject({ datasetId: stage.request.datasetId, sha256, bytes: bytes.length })
        expect(basename(file!.path)).toBe(`${sha256}.csv`)
        expect(await readFile(file!.path)).toEqual(bytes)
        expect(file!.name).toMatch(/\.csv$/)
        expect(file!.url).not.toBe('')
        expect(file!.retrievedAt).toBe('2026-01-02T03:04:05.000Z')
      } finally {
        await stage.close()
      }
    })

    it('keeps the same bytes once, and leaves no temporary file', async () => {
      const stage = await lay(bytes)
      try {
        const first = await stage.source.fetch(stage.request, target())
        const second = await stage.source.fetch(stage.request, target())
        expect(second).toEqual(first)
        expect(await readdir(folder)).toEqual([basename(first[0]!.path)])
      } finally {
        await stage.close()
      }
    })

    it('delivers nothing for a dataset it does not hold', async () => {
      const stage = await lay(bytes)
      try {
        expect(await stage.source.fetch(stage.unknown, target())).toEqual([])
      } finally {
        await stage.close()
      }
    })

    it('refuses an empty file by name, and keeps nothing of it', async () => {
      const stage = await lay(Buffer.alloc(0))
      try {
        const refused = stage.source.fetch(stage.request, target())
        await expect(refused).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
        await expect(refused).rejects.toThrow(stage.request.datasetId)
        expect(await readdir(folder).catch(() => [])).toEqual([])
      } finally {
        await stage.close()
      }
    })
  })
}
