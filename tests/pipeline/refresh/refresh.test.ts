import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Origin } from '../../../core/observations/refresh.ts'
import { currentVersion } from '../../../core/store/current.ts'
import { currentManifest } from '../../../core/store/open.ts'
import { readRefresh } from '../../../core/store/refresh.ts'
import { findDescriptors } from '../../../pipeline/descriptors.ts'
import { ingest } from '../../../pipeline/ingest.ts'
import { askSource, sightOf } from '../../../pipeline/refresh/ask.ts'
import { refresh } from '../../../pipeline/refresh/refresh.ts'
import { rehearse, verdictOf } from '../../../pipeline/refresh/rehearse.ts'
import { createFolderSource } from '../../../pipeline/sources/folder.ts'
import { silent } from '../../../pipeline/sources/progress.ts'
import type { Source, SourceFile } from '../../../pipeline/sources/source.ts'
import { csvOf } from '../csv.ts'
import { ecole } from '../ecole.ts'
import { smallCog } from '../smallCog.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'
const COLLEGES = 'fr-en-college-effectifs-niveau-sexe-lv'
const cog = smallCog('22', '35')
const descriptors = (await findDescriptors()).filter(({ descriptor: { id } }) => [ECOLES, COLLEGES].includes(id))

let data: string
let folder: string
let now: Date
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'strates-refresh-'))
  folder = await mkdtemp(join(tmpdir(), 'strates-from-'))
  now = new Date('2026-01-02T03:04:05Z')
})
afterEach(async () => {
  for (const path of [data, folder]) await rm(path, { recursive: true, force: true })
})

const putEcoles = (pupils: number) =>
  writeFile(join(folder, `${ECOLES}.csv`), csvOf([ecole({ uai: '0359001A', pupils, commune: 'RENNES' })]))
const nothingEmbedded: Source = { name: 'embedded', fetch: async () => [] }
const inputWith = (options: { readonly source?: Source; readonly tell?: (step: string) => void } = {}) => ({
  data,
  cog: () => cog,
  descriptors,
  source: options.source ?? createFolderSource(folder),
  embedded: nothingEmbedded,
  progress: silent,
  origin: { kind: 'folder', folder } satisfies Origin,
  now: () => now,
  random: () => 0,
  ...(options.tell && { tell: options.tell }),
})
const lookOf = async (dataset: string) => (await readRefresh(data))?.looks.find((look) => look.dataset === dataset)
const anHourLater = () => (now = new Date(now.getTime() + 3_600_000))

describe('looking into a folder', () => {
  it('publishes a changed file once, and keeps what it has of a file that is gone', async () => {
    await putEcoles(10)
    const { published } = await refresh(inputWith())
    expect(published).toBe(await currentVersion(data))
    expect(await refresh(inputWith())).toEqual({ looks: [] })
    anHourLater()
    expect((await refresh(inputWith())).looks.map(({ outcome }) => outcome)).toEqual(['UNCHANGED', 'UNCHANGED'])
    await rm(join(folder, `${ECOLES}.csv`))
    anHourLater()
    expect((await refresh(inputWith())).published).toBeUndefined()
    expect(await lookOf(ECOLES)).toMatchObject({ outcome: 'FAILED', failures: 1, problem: { code: 'NO_SOURCE_FILE' } })
    expect(await lookOf(COLLEGES)).toMatchObject({ outcome: 'UNCHANGED' })
    expect(await currentVersion(data)).toBe(published)
  })

  it('has failed where the ingest does not come to its end, and tries the same file again', async () => {
    await putEcoles(10)
    const told: (string | undefined)[] = []
    const tell = (step: string) => {
      if (step === 'publishing') throw new Error('the disk is full')
    }
    const killed = inputWith({
      tell(step) {
        void lookOf(ECOLES).then((look) => told.push(look?.problem?.code))
        tell(step)
      },
    })
    await expect(refresh(killed)).rejects.toThrow('the disk is full')
    // A process that is killed says nothing more: what was written before it began stands.
    expect(told[0]).toBe('WORKER_DIED')
    expect(await lookOf(ECOLES)).toMatchObject({ outcome: 'FAILED', failures: 1, problem: { code: 'INTERNAL' } })
    expect(await currentVersion(data)).toBeUndefined()
    anHourLater()
    expect((await refresh(inputWith())).published).toBe(await currentVersion(data))
    expect(await lookOf(ECOLES)).toMatchObject({ outcome: 'PUBLISHED', failures: 0, problem: null })
  })
})

describe('a store of invented data', () => {
  it('gives way to official data as a whole, once every source answered', async () => {
    await putEcoles(10)
    const [file] = (await createFolderSource(folder).fetch(
      { datasetId: ECOLES, fileNames: [/^fr-en-ecoles/] },
      { folder: join(data, 'sources'), progress: silent },
    )) as [SourceFile]
    const invented = { data, cog, descriptors, absent: new Map(), simulated: true, feeds: false, now: () => now }
    const { dataVersion } = await ingest({ ...invented, files: new Map([[ECOLES, [file]]]) })
    const official = createFolderSource(folder)
    const halfDown: Source = {
      name: 'portal',
      async fetch(request, target) {
        if (request.datasetId === COLLEGES) throw new Error('nobody there')
        return await official.fetch(request, target)
      },
    }
    await putEcoles(20)
    expect((await refresh(inputWith({ source: halfDown }))).published).toBeUndefined()
    expect(await currentVersion(data)).toBe(dataVersion)
    expect((await rehearse(inputWith()))[0]).toMatchObject({ kind: 'PUBLISHED', news: { isFirst: true } })
    anHourLater()
    const { published } = await refresh(inputWith())
    expect(published).toBe(await currentVersion(data))
    const manifest = await currentManifest(data)
    expect([manifest?.simulated, manifest?.datasets.some(({ simulated }) => simulated)]).toEqual([false, false])
  })
})

describe('what a check comes to', () => {
  it.each([
    [['UNCHANGED', 'SAME_FIGURES'], 'NOTHING'],
    [['UNCHANGED', 'PUBLISHED'], 'CHANGES'],
    [['QUARANTINED'], 'CHANGES'],
    [['PUBLISHED', 'FAILED'], 'FAILED'],
    [[], 'NOTHING'],
  ] as const)('%j: %s', (kinds, expected) => {
    expect(verdictOf(kinds.map((kind) => ({ kind })))).toBe(expected)
  })
})

describe('a dataset that comes year by year', () => {
  const [ecoles] = descriptors.filter(({ descriptor: { id } }) => id === ECOLES)
  const file = (name: string, period?: number): SourceFile => ({
    datasetId: ECOLES,
    name,
    url: name,
    path: name,
    bytes: 1,
    sha256: name.padEnd(64, '0'),
    retrievedAt: '2026-01-02T03:04:05Z',
    ...(period !== undefined && { period }),
  })
  const year = (period: number) => file(`${ECOLES}-${period}.parquet`, period)
  const held = (name: string) => file(name)
  const ask = async (taken: readonly SourceFile[], before: readonly SourceFile[]) => {
    const source: Source = { name: 'portal', fetch: async () => [...taken] }
    const target = { folder: data, progress: silent }
    const [answer] = await askSource([ecoles!], { source, target, held: new Map([[ECOLES, before]]) })
    return answer && 'files' in answer ? answer.files.map(({ name }) => name.slice(ECOLES.length)) : answer
  }

  it('keeps the years held that are older than those asked for, in whichever format, and no others', async () => {
    const before = ['2019.csv', '2022.csv', '2023.parquet'].map((name) => held(`${ECOLES}-${name}`))
    expect(await ask([year(2022), year(2023), year(2024)], before)).toEqual([
      '-2019.csv',
      '-2022.parquet',
      '-2023.parquet',
      '-2024.parquet',
    ])
    expect(await ask([year(2022)], [held(`${ECOLES}.csv`)])).toEqual(['-2022.parquet'])
    expect(await ask([held(`${ECOLES}.csv`)], before)).toEqual(['.csv'])
  })

  it('is told by names and contents, not by when it was taken', () => {
    const later = { ...year(2022), retrievedAt: '2027-01-01T00:00:00Z' }
    expect(sightOf([year(2023), later])).toBe(sightOf([year(2022), year(2023)]))
    expect(sightOf([{ ...later, sha256: 'f'.repeat(64) }])).not.toBe(sightOf([later]))
  })
})
