import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  compareMovements,
  crossCheckMovements,
  MOVEMENT_FILE_NAMES,
  type MovementCheck,
  type MovementRow,
} from '../../pipeline/crossCheck.ts'
import { renderReport, type Report } from '../../pipeline/report.ts'
import { recognise } from '../../pipeline/sources/folder.ts'
import { embeddedTimeline } from '../core/territories/embedded.ts'
import { csvOf } from './csv.ts'

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
const REAL = join(SHARED, 'cog', 'insee-mouvements-communes-2026.csv')
const isHere = existsSync(REAL)
if (!isHere) console.log(`Skipped, INSEE's file is not on this machine: ${REAL} does not exist.`)

const { timeline } = embeddedTimeline()

/** A row on a whole commune, but for what is said. */
const row = (modality: string, date: string, before: string | null, after: string | null): MovementRow => ({
  modality,
  date,
  typeBefore: before === null ? null : 'COM',
  before,
  typeAfter: after === null ? null : 'COM',
  after,
})

describe('movements of INSEE held against ours', () => {
  it('agree on codes and day; what only one side has is listed', () => {
    const check = compareMovements(
      'a.csv',
      [
        row('32', '2024-01-01', '35112', '35062'),
        row('32', '2024-01-01', '35062', '35062'),
        row('32', '2024-01-01', '35238', '35062'),
      ],
      timeline,
    )
    expect(check).toMatchObject({ compared: 3, agreed: 2, joined: 0, halfTold: 0 })
    expect(check.onlyThere).toEqual(['2024-01-01 35238 → 35062 (modality 32)'])
    expect(check.onlyHere).toContain('2021-01-01 27676 → 27058 (SEAT_TRANSFER)')
    expect(check.onlyHere.some((movement) => movement.startsWith('2025'))).toBe(false)
  })

  it('told in two steps on one day are one', () => {
    const check = compareMovements(
      'a.csv',
      [row('41', '2018-01-01', '14513', '50649'), row('32', '2018-01-01', '50649', '50592')],
      timeline,
    )
    expect(check).toMatchObject({ compared: 1, agreed: 1, joined: 1, onlyThere: [] })
  })

  it('told by half are no disagreement', () => {
    const check = compareMovements(
      'a.csv',
      [row('30', '2007-02-23', '97123', null), row('20', '2011-03-31', null, '97611')],
      timeline,
    )
    expect(check).toMatchObject({ compared: 0, halfTold: 2 })
    expect(check.onlyHere.filter((movement) => /97701|97611/.test(movement))).toEqual([])
  })

  it('of parts are counted apart, and those after the newest vintage not at all', () => {
    const check = compareMovements(
      'a.csv',
      [
        { ...row('35', '2026-01-01', '16129', '16204'), typeBefore: 'COMD' },
        row('34', '2026-01-01', '01324', '01245'),
        row('32', '2027-01-01', '35238', '35047'),
      ],
      timeline,
    )
    expect(check).toMatchObject({ compared: 0, parts: { 34: 1, 35: 1 }, onlyThere: [] })
  })
})

describe('a file of movements', () => {
  let folder: string
  let connection: DuckDBConnection
  let instance: DuckDBInstance
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-movements-'))
    instance = await DuckDBInstance.create(':memory:')
    connection = await instance.connect()
  })
  afterAll(async () => {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  })

  async function check(name: string, text: string) {
    const path = join(folder, name)
    await writeFile(path, text)
    const warnings: string[] = []
    const file = { path, name, datasetId: 'insee-mouvements-communes' }
    const checks = await crossCheckMovements(connection, [file], timeline, (warning) => warnings.push(warning))
    return { checks, warnings }
  }

  it('is known by the names of its editions', () => {
    const names = [
      'v_mvt_commune_2026.csv',
      'v_mvtcommune_2023.csv',
      'mvtcommune2021.csv',
      'insee-mouvements-communes-2026.csv',
    ]
    expect(recognise([...names, 'fr-en-annuaire-education.csv', 'commune_2026.csv'], MOVEMENT_FILE_NAMES)).toEqual(
      names.toSorted(),
    )
  })

  it('is read as INSEE writes it', async () => {
    const merger = { MOD: '32', DATE_EFF: '2024-01-01', TYPECOM_AP: 'COM', COM_AP: '35062' }
    const { checks, warnings } = await check(
      'mvtcommune2024.csv',
      csvOf(
        [
          { ...merger, TYPECOM_AV: 'COM', COM_AV: '35112' },
          { ...merger, TYPECOM_AV: 'COM', COM_AV: '35062' },
        ],
        ',',
      ),
    )
    expect(warnings).toEqual([])
    expect(checks).toMatchObject([{ file: 'mvtcommune2024.csv', compared: 2, agreed: 2 }])
  })

  it('that cannot be read is a warning, and stops nothing', async () => {
    const { checks, warnings } = await check('mvtcommune.csv', 'MOD,DATE\n32,2024-01-01\n')
    expect(checks).toEqual([])
    expect(warnings).toEqual([
      expect.stringMatching(/held against nothing: The column DATE_EFF is missing.*MOD, DATE_EFF/),
    ])
  })

  it.skipIf(!isHere)('of INSEE, edition 2026, agrees with every movement of ours', async () => {
    const file = { path: REAL, name: 'insee-mouvements-communes-2026.csv', datasetId: 'insee-mouvements-communes' }
    const [found] = await crossCheckMovements(connection, [file], timeline, (warning) => expect(warning).toBe(''))
    expect(found).toMatchObject({ compared: 8749, agreed: 8749, joined: 2, halfTold: 19, onlyThere: [], onlyHere: [] })
    expect(found?.parts).toMatchObject({ 34: 351, 35: 419, 70: 18, 71: 14, 72: 1 })
  })
})

describe('the report', () => {
  const empty: Report = {
    simulated: false,
    datasets: [],
    absent: [],
    totals: [],
    reconciliations: [],
    checks: [],
    movements: [],
    warnings: [],
  }
  const check: MovementCheck = {
    file: 'a.csv',
    compared: 20,
    agreed: 8,
    joined: 1,
    halfTold: 2,
    parts: { 34: 3, 35: 4 },
    onlyThere: Array.from({ length: 12 }, (_, position) => `2024-01-01 0100${position} → 01999 (modality 32)`),
    onlyHere: ['2024-01-01 35112 → 35062 (MERGER)'],
  }

  it('tells how many agree and lists the first that do not', () => {
    const lines = renderReport({ ...empty, movements: [check] })
    expect(lines[0]).toBe(
      'movements of communes held against a.csv: 8 of 20 agree; 1 told there in two steps on one day, 2 of ours told there by half, 7 rows on parts of communes not compared',
    )
    expect(lines.filter((line) => line.startsWith('  only there'))).toHaveLength(10)
    expect(lines).toContain('  … and 2 more only there, all in report.json')
    expect(lines).toContain('  only here: 2024-01-01 35112 → 35062 (MERGER)')
  })

  it('says nothing of it where nobody gave the file', () => {
    expect(renderReport(empty)).toEqual(['checks: 0 passed, 0 failed'])
  })
})
