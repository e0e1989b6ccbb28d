/** A second dataset for a measure that another one gives: refused, then settled by one line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MeasureClaim } from '../../core/observations/dataset.ts'
import { openStore } from '../../core/store/open.ts'
import type { FoundDescriptor } from '../../core/observations/ownership.ts'
import { ingest } from '../../pipeline/ingest.ts'
import { createFolderSource } from '../../pipeline/sources/folder.ts'
import { silent } from '../../pipeline/sources/progress.ts'
import college from '../../subgraphs/departement/datasets/college-effectifs.ts'
import { csvOf } from './csv.ts'
import { smallCog } from './smallCog.ts'

const OFFICIAL: FoundDescriptor = { file: 'subgraphs/departement/datasets/college-effectifs.ts', descriptor: college }

/** The same file format under another name, as a collectivité might publish its own count. */
const planted = (claim: Partial<MeasureClaim>): FoundDescriptor => ({
  file: 'subgraphs/departement/datasets/planted.ts',
  descriptor: {
    ...college,
    id: 'planted',
    fileNames: [/^planted/],
    measures: [{ measure: 'pupils-lower-secondary', ...claim }],
  },
})

const row = (pupils: number) => ({
  'Rentrée scolaire': '2021',
  Département: 'ILLE-ET-VILAINE',
  Commune: 'RENNES',
  'Numéro du collège': '0359001A',
  'Dénomination principale': 'COLLEGE',
  Patronyme: 'DES TILLEULS',
  Secteur: 'PUBLIC',
  "Nombre d'élèves total": `${pupils}`,
  'Nombre total de 6èmes': `${pupils}`,
  'Nombre total de 5èmes': '0',
  'Nombre total de 4èmes': '0',
  'Nombre total de 3èmes': '0',
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-precedence-'))
  await writeFile(join(folder, 'fr-en-college-effectifs-niveau-sexe-lv.csv'), csvOf([row(400)]))
  await writeFile(join(folder, 'planted.csv'), csvOf([row(390)]))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function ingestBoth(descriptors: readonly FoundDescriptor[]) {
  const data = join(folder, 'store')
  const source = createFolderSource(folder, () => new Date('2026-01-02T03:04:05Z'))
  const files = new Map(
    await Promise.all(
      descriptors.map(async ({ descriptor: { id, fileNames } }) => {
        const target = { folder: join(data, 'sources'), progress: silent }
        return [id, await source.fetch({ datasetId: id, fileNames }, target)] as const
      }),
    ),
  )
  await ingest({
    data,
    cog: smallCog('22', '35'),
    descriptors,
    files,
    absent: new Map(),
    simulated: false,
    feeds: false,
  })
  return openStore(data, ['departement'])
}

it('refuses a second dataset for the pupils of the collèges, and names both files', async () => {
  await expect(ingestBoth([OFFICIAL, planted({})])).rejects.toThrow(/college-effectifs\.ts and .*planted\.ts/)
})

it('takes it once it yields: the stronger answers, and the weaker stands beside it', async () => {
  const store = await ingestBoth([planted({ yieldsTo: [college.id] }), OFFICIAL])
  const rennes = store.atlas.current.byId('commune:35238')!
  const { value, provenance, alternatives } = store
    .reader('departement')
    .observe('pupils-lower-secondary', 2021, rennes)
  expect([value, provenance.datasetId]).toEqual([400, college.id])
  expect(alternatives.map((other) => [other.value, other.provenance.datasetId])).toEqual([[390, 'planted']])
  expect(store.manifest.ownership.map(({ dataset, rank, yieldsTo }) => [dataset, rank, yieldsTo])).toEqual([
    [college.id, 0, []],
    ['planted', 1, [college.id]],
  ])
})

it('follows the line, whichever way it goes', async () => {
  const official: FoundDescriptor = {
    ...OFFICIAL,
    descriptor: { ...college, measures: college.measures.map((claim) => ({ ...claim, yieldsTo: ['planted'] })) },
  }
  const store = await ingestBoth([official, planted({})])
  const { value, alternatives } = store
    .reader('departement')
    .observe('pupils-lower-secondary', 2021, store.atlas.current.nation)
  expect([value, alternatives[0]?.value]).toEqual([390, 400])
})
