import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { currentVersion } from '../../core/store/current.ts'
import { readQuarantine } from '../../core/store/quarantine.ts'
import { noteQuarantine } from '../../pipeline/quarantine.ts'
import { csvOf } from './csv.ts'
import { ecole } from './ecole.ts'
import { ingestFolder } from './ingestFolder.ts'
import { smallCog } from './smallCog.ts'

const cog = smallCog('22', '35')
const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'
const ten = Array.from({ length: 10 }, (_, position) =>
  ecole({ uai: `035900${position}A`, pupils: 100 + position, commune: 'RENNES' }),
)

describe('a dataset that comes back changed', () => {
  let data: string
  let folder: string
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-quarantine-'))
    folder = await mkdtemp(join(tmpdir(), 'strates-from-'))
  })
  afterEach(async () => {
    for (const path of [data, folder]) await rm(path, { recursive: true, force: true })
  })
  const ingestRows = async (rows: readonly Readonly<Record<string, string>>[]) => {
    await writeFile(join(folder, `${ECOLES}.csv`), csvOf(rows))
    return ingestFolder(folder, { data, cog })
  }

  it('is refused, by the name of the check, with three contributors in ten gone; the version before still is the current one', async () => {
    const { report } = await ingestRows(ten)
    await expect(ingestRows(ten.slice(0, 7))).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      dataset: ECOLES,
      message: expect.stringMatching(
        /as many contributors as before, pupils-primary 2022 .*: 7, 10 in the version before/,
      ),
    })
    expect(await currentVersion(data)).toBe(report.dataVersion)
    await expect(ingestRows(ten.slice(0, 9))).resolves.toBeDefined()
  })

  it('is refused with a total ten times as large as before, or as the year before in the same file', async () => {
    await ingestRows(ten)
    const tenfold = ten.map((_, position) =>
      ecole({ uai: `035900${position}A`, pupils: 1000 + position * 10, commune: 'RENNES' }),
    )
    await expect(ingestRows(tenfold)).rejects.toMatchObject({
      message: expect.stringMatching(/a total like the one before/),
    })
    const nextYear = tenfold.map((row) => ({ ...row, 'Rentrée scolaire': '2023' }))
    await expect(ingestRows([...ten, ...nextYear])).rejects.toMatchObject({
      message: expect.stringMatching(/a total like that of the year before, .*: 10450, 1045 in 2022/),
    })
  })

  it('is refused with a renamed column, which the message names', async () => {
    const { report } = await ingestRows(ten)
    const renamed = ten.map(({ "Nombre total d'élèves": total, ...row }) => ({ ...row, 'Total élèves': total ?? '' }))
    await expect(ingestRows(renamed)).rejects.toMatchObject({
      code: 'CONTRACT_BROKEN',
      dataset: ECOLES,
      message: expect.stringMatching(/"Nombre total d'élèves".*"Total élèves"/),
    })
    expect(await currentVersion(data)).toBe(report.dataVersion)
  })

  it('stands in quarantine until a file of it is taken', async () => {
    const refused = {
      dataset: ECOLES,
      code: 'CONTRACT_BROKEN',
      message: 'A column is missing',
      since: '2026-01-02T03:04:05.000Z',
    }
    expect(await readQuarantine(data)).toEqual([])
    await noteQuarantine(data, [refused], [])
    await noteQuarantine(data, [{ ...refused, dataset: 'another' }], ['a third'])
    expect((await readQuarantine(data)).map(({ dataset }) => dataset)).toEqual(['another', ECOLES])
    await noteQuarantine(data, [], [ECOLES])
    expect((await readQuarantine(data)).map(({ dataset }) => dataset)).toEqual(['another'])
  })
})
