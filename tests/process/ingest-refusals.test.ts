import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { SOURCES } from '../fixtures/store.ts'
import { cleanUp, ownFolder, ownStore, run, stateOf, type Ended } from './program.ts'

const PIPELINE = 'pipeline/main.ts'
const ECOLES = 'fr-en-ecoles-effectifs-nb_classes.csv'

let data: string
let before: Awaited<ReturnType<typeof stateOf>>
beforeAll(async () => {
  data = await ownStore()
  before = await stateOf(data)
})
afterAll(cleanUp)

/** The fixture folder with one file changed. */
async function folderWith(name: string, change: (text: string) => string): Promise<string> {
  const folder = await ownFolder()
  await cp(SOURCES, folder, { recursive: true })
  const path = join(folder, name)
  await writeFile(path, change(await readFile(path, 'utf8')))
  return folder
}

const ingest = (...given: readonly string[]): Promise<Ended> =>
  run(PIPELINE, ['--no-feeds', ...given], { STRATES_DATA: data })

async function expectStoreAsBefore(): Promise<void> {
  expect(await stateOf(data)).toEqual(before)
  expect(await readdir(join(data, 'versions'))).toEqual([before.current])
  expect((await openStore(data, OWNERS)).manifest.dataVersion).toBe(before.current)
}

describe('an ingest that cannot be done says what, where, expected and remedy, and leaves the version that serves', () => {
  it('a folder that is not there', async () => {
    const { code, stderr } = await ingest('--from', '/no/such/folder')
    expect(code).toBe(1)
    for (const part of ['FOLDER_NOT_FOUND', '/no/such/folder', 'a folder with the official', 'Check the path']) {
      expect(stderr).toContain(part)
    }
    await expectStoreAsBefore()
  })

  it('a folder of boundaries that is not there, before anything is fetched', async () => {
    const { code, stdout, stderr } = await ingest('--from', SOURCES, '--boundaries', '/no/such/folder')
    expect([code, stdout]).toEqual([1, ''])
    for (const part of ['FOLDER_NOT_FOUND', '/no/such/folder', '--boundaries']) expect(stderr).toContain(part)
    await expectStoreAsBefore()
  })

  it('an empty folder', async () => {
    const folder = await ownFolder()
    const { code, stderr } = await ingest('--from', folder)
    expect(code).toBe(1)
    for (const part of [
      'NO_SOURCE_FILE',
      folder,
      'which is empty',
      'fr-en-ecoles-effectifs-nb_classes',
      'original name',
    ]) {
      expect(stderr).toContain(part)
    }
    await expectStoreAsBefore()
  })

  const files: readonly (readonly [string, string, (text: string) => string, readonly (string | RegExp)[]])[] = [
    ['an empty file', ECOLES, () => '', ['SOURCE_UNREADABLE', 'The file is empty', ECOLES, 'Download it again']],
    [
      'a renamed column',
      ECOLES,
      (text) => text.replace("Nombre total d'élèves", 'Effectif total'),
      ['CONTRACT_BROKEN', `"Nombre total d'élèves"`, ECOLES, 'nombre_total_eleves', '"Effectif total"', 'renamed'],
    ],
    [
      'a file cut in the middle',
      ECOLES,
      (text) => text.slice(0, Math.round(text.length / 2)),
      ['SOURCE_UNREADABLE', ECOLES, /line \d+/, '17 fields, as in the header', /cut|download it again/i],
    ],
    [
      'a cell that is no number',
      'fr-en-lycee_gt-effectifs-niveau-sexe-lv.csv',
      (text) => text.replace(';710', ';7l0'),
      ['CONTRACT_BROKEN', 'nombre_d_eleves', /line \d+ \("7l0"\)/, 'whole number', 'Download the file again'],
    ],
    [
      'a row that stands twice',
      ECOLES,
      (text) => text + text.trimEnd().split('\n').at(-1) + '\n',
      ['CONTRACT_BROKEN', 'repeat', /line \d+/, 'one row for each', ECOLES],
    ],
    [
      'places that nobody knows',
      ECOLES,
      (text) => text.replaceAll(/ILLE-ET-VILAINE;[A-Z]+;/g, 'ILLE-ET-VILAINE;NULLE PART;').replaceAll('03599', '03588'),
      ['CHECK_FAILED', 'rows located in a commune', 'fr-en-ecoles-effectifs-nb_classes', 'still serves'],
    ],
  ]

  it.each(files)('%s', async (_, name, change, says) => {
    const { code, stdout, stderr } = await ingest('--from', await folderWith(name, change))
    expect(code, stdout).toBe(1)
    for (const part of says) expect(stderr).toMatch(part)
    expect(stderr.trim().split('\n'), 'one sentence for a person, and no stack').toHaveLength(1)
    await expectStoreAsBefore()
  })
})

describe('an ingest that was asked for in the wrong way ends with 2 and shows how to ask', () => {
  it.each([
    ['an unknown option', ['--form', 'x'], ['--form']],
    ['--from without a folder', ['--from'], ['--from']],
    [
      '--only of an unknown dataset',
      ['--only', 'nope'],
      ['no such dataset', '--only nope', 'fr-en-annuaire-education'],
    ],
    ['--since of no year', ['--since', 'abc'], ['no year', '--since abc', 'such as 2019']],
    ['--from with --simulated', ['--from', SOURCES, '--simulated'], ['exclude each other', '--simulated']],
    ['--boundaries with --no-boundaries', ['--boundaries', SOURCES, '--no-boundaries'], ['exclude each other']],
    ['--simulated with --only', ['--simulated', '--only', 'fr-en-annuaire-education'], ['never meet']],
  ])('%s', async (_, given, says) => {
    const { code, stdout, stderr } = await ingest(...given)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    for (const part of ['INVALID_OPTION', 'npm run ingest -- [--from DIR', ...says]) expect(stderr).toContain(part)
    await expectStoreAsBefore()
  })
})
