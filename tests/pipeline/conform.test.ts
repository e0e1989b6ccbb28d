import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetDescriptor } from '../../core/observations/dataset.ts'
import type { StratesError } from '../../core/observations/error.ts'
import { conform, type Conformed } from '../../pipeline/conform.ts'
import { readTable } from '../../pipeline/read.ts'

const base: DatasetDescriptor = {
  id: 'ecoles',
  title: 'Écoles',
  description: 'For tests.',
  owner: 'commune',
  roles: { competent: 'Communes', legalBasis: 'L212-4', producer: 'DEPP', publisher: 'MEN' },
  licence: 'etalab-2.0',
  attribution: 'MEN',
  sourceUrl: 'https://example.fr/',
  updateFrequency: 'ANNUAL',
  source: { kind: 'folder' },
  fileNames: [/^ecoles/],
  columns: {
    rentree: { names: ['Rentrée scolaire', 'rentree_scolaire'], type: 'year' },
    uai: { names: ["Numéro de l'école", 'numero_ecole'], type: 'uai' },
    total: { names: ["Nombre total d'élèves", 'nombre_total_eleves'], type: 'count' },
    commune: { names: ['Code commune'], type: 'commune', required: false },
    ouverture: { names: ['Ouverture'], type: 'date', required: false },
    densite: { names: ['Densité'], type: 'decimal', required: false },
  },
  invariants: [{ holds: 'total < 900', says: 'no école has 900 pupils' }],
  unique: { columns: ['uai', 'rentree'], onRepeat: 'REFUSE' },
  mapping:
    'SELECT rentree AS period, uai AS contributor, uai, commune AS commune_code, ouverture AS opened, total AS "pupils", densite AS "density" FROM checked',
  contributors: 'SCHOOLS',
  contributorNoun: { one: 'école', many: 'écoles' },
  absentUnit: 'COMMUNE',
  extent: { always: 'ALL_DEPARTEMENTS', collectivities: [], whenReported: [] },
  firstPeriod: 2019,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  rule: 'Sum.',
  measures: [{ measure: 'pupils' }, { measure: 'density' }],
  examples: [],
}

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-conform-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

let written = 0

/** Each file has a path of its own: of one written again within a tick of the clock DuckDB may still hold pieces. */
async function conformed(
  csv: string,
  changes: Partial<DatasetDescriptor> = {},
  warnings: string[] = [],
): Promise<Conformed> {
  const path = join(folder, `ecoles-${(written += 1)}.csv`)
  await writeFile(path, csv)
  const read = await readTable(connection, { path, name: 'ecoles.csv', datasetId: 'ecoles' }, 'source')
  return conform(connection, 'source', read, { ...base, ...changes }, 'ecoles.csv', (warning) => warnings.push(warning))
}

async function refusal(csv: string, changes: Partial<DatasetDescriptor> = {}): Promise<StratesError> {
  const error: unknown = await conformed(csv, changes).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toMatchObject({
    name: 'StratesError',
    facts: { on: expect.stringMatching(/^dataset ecoles, file ecoles\.csv/) },
  })
  return error as StratesError
}

const HEADER = "Rentrée scolaire;Numéro de l'école;Nombre total d'élèves"
const file = (...lines: readonly string[]) => [HEADER, ...lines].join('\n') + '\n'
/** A file of one école whose extra column holds `value`. */
const withColumn = (header: string, value: string) => `${HEADER};${header}\n2022;0350001A;12;${value}\n`

describe('matching headers', () => {
  it('takes labels or technical names, whatever their case and accents, in any order', async () => {
    const { rows, unused } = await conformed(
      'NUMERO DE L ECOLE;rentree_scolaire;NOMBRE TOTAL D’ÉLÈVES\n0350001A;2022;12\n',
    )
    expect(rows).toMatchObject([{ contributor: '0350001A', period: 2022, values: { pupils: 12 }, communeCode: null }])
    expect(unused).toEqual([])
  })

  it('lists the headers that nothing uses', async () => {
    expect((await conformed(withColumn('Remarque', 'x'))).unused).toEqual(['Remarque'])
  })

  it('names a column that was renamed, what it may be called, and what the file has instead', async () => {
    const error = await refusal("Rentrée scolaire;Numéro de l'école;Effectif\n2022;0350001A;12\n")
    expect(error).toMatchObject({ code: 'CONTRACT_BROKEN', facts: { details: { missing: ['total'] } } })
    expect(error.facts.what).toBe('A column is missing: "Nombre total d\'élèves"')
    expect(error.facts.expected).toBe('"Nombre total d\'élèves" or "nombre_total_eleves"')
    expect(error.facts.remedy).toMatch(/renamed\?.*"Effectif"/)
  })

  it('names all the columns that are missing at once', async () => {
    expect((await refusal('Rentrée scolaire;Remarque\n2022;x\n')).facts.what).toMatch(
      /^2 columns are missing: .*école.*élèves/,
    )
  })
})

describe('judging cells', () => {
  it('refuses an empty cell of a required column, and names column and line', async () => {
    const error = await refusal(file('2022;0350001A;12', '2022;0350002B;', '2022;0350003C; '))
    expect(error.message).toMatch(/2 cells of the column "Nombre total d'élèves" are empty.*line 3, line 4/)
  })

  it('lets a cell of an optional column be empty, and gives null, not 0', async () => {
    const { rows } = await conformed(withColumn('Code commune', ''))
    expect(rows[0]).toMatchObject({ communeCode: null, values: { density: null } })
  })

  it('refuses a wrong value, and names column, line, the value and what was expected', async () => {
    const error = await refusal(file('2022;0350001A;12', '2022;0350002B;-3', '2022;0350003C;ND'))
    expect(error.message).toMatch(
      /2 cells of the column "Nombre total d'élèves" hold something else.*line 3 \("-3"\), line 4 \("ND"\).*whole number ≥ 0/,
    )
  })

  it.each([
    ['12', 12],
    ['0', 0],
    [' 12 ', 12],
    ['1 234', 1234],
    ['1\u00a0234', 1234],
    ['1\u202f234', 1234],
    ['12.0', 12],
    ['12,0', 12],
    ['100', 100],
  ])('reads the count "%s" as %i', async (text, value) => {
    const { rows } = await conformed(file(`2022;0350001A;${text}`), { invariants: [] })
    expect(rows[0]?.values['pupils']).toBe(value)
  })

  it.each(['12.5', '1e3', '0x1F', '-1', '1.000', '1,000'])(
    'refuses the count "%s": no number is guessed',
    async (text) => {
      expect((await refusal(file(`2022;0350001A;${text}`), { invariants: [] })).message).toContain(JSON.stringify(text))
    },
  )

  it.each([
    ['5.35', 5.35],
    ['5,35', 5.35],
    ['-12', -12],
    ['1 234,5', 1234.5],
  ])('reads the decimal "%s" as %d', async (text, value) => {
    expect((await conformed(withColumn('Densité', text))).rows[0]?.values['density']).toBe(value)
  })

  it.each(['2022', '2022-2023', '2022/2023', '2022-09-01', '2022-01-01T00:00:00+02:00', ' 2022 '])(
    'reads the year "%s" as 2022',
    async (text) => {
      expect((await conformed(file(`${text};0350001A;12`))).rows[0]?.period).toBe(2022)
    },
  )

  it.each(['22', '20222', '09/2022', '1822'])('refuses the year "%s"', async (text) => {
    expect((await refusal(file(`${text};0350001A;12`))).message).toContain(`(${JSON.stringify(text)})`)
  })

  it('brings school numbers to capitals, and refuses what is none', async () => {
    expect((await conformed(file('2022; 0350001a;12'))).rows[0]?.uai).toBe('0350001A')
    expect((await refusal(file('2022;350001A;12'))).facts.expected).toMatch(/seven digits and a letter/)
  })

  it('keeps commune codes as text, and refuses one that lost its zero', async () => {
    expect((await conformed(withColumn('Code commune', '01001'))).rows[0]?.communeCode).toBe('01001')
    expect((await conformed(withColumn('Code commune', '2a004'))).rows[0]?.communeCode).toBe('2A004')
    expect((await refusal(withColumn('Code commune', '1001'))).facts.expected).toMatch(/leading zero included/)
  })

  it.each(['2022-09-01', '01/09/2022', '2022-09-01T00:00:00'])('reads the date "%s"', async (text) => {
    expect((await conformed(withColumn('Ouverture', text))).rows[0]?.opened).toBe('2022-09-01')
  })
})

describe('rules over rows', () => {
  it('refuses rows that break an invariant, with the lines and the rule in words', async () => {
    const error = await refusal(file('2022;0350001A;12', '2022;0350002B;900'))
    expect(error.message).toMatch(/1 of 2 rows break a rule.*line 3.*no école has 900 pupils/)
  })

  it('warns, and goes on, where one row in a thousand breaks it', async () => {
    const warnings: string[] = []
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `2022;${String(index).padStart(7, '0')}A;${index === 7 ? 900 : 12}`,
    )
    const { rows } = await conformed(file(...lines), {}, warnings)
    expect(rows).toHaveLength(1000)
    expect(warnings).toEqual([
      expect.stringMatching(/1 of 1000 rows break the rule "no école has 900 pupils" \(line 9\)/),
    ])
  })

  it('stops at two in a thousand', async () => {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `2022;${String(index).padStart(7, '0')}A;${index < 2 ? 900 : 12}`,
    )
    expect((await refusal(file(...lines))).message).toMatch(/2 of 1000 rows/)
  })

  it('refuses a repeated key, and names it and its line', async () => {
    const error = await refusal(file('2022;0350001A;12', '2021;0350001A;12', '2022;0350001A;13'))
    expect(error.message).toMatch(/1 rows repeat a key.*line 4 \("0350001A 2022"\).*one row for each uai and rentree/)
  })

  it('keeps the first of a repeated key where the contract says so, and counts the others', async () => {
    const unique = { columns: ['uai'], onRepeat: 'KEEP_FIRST' } as const
    const { rows, repeated } = await conformed(
      file('2022;0350001A;12', '2022;0350002B;5', '2022;0350001A;13', '2022;0350001A;14'),
      { unique },
    )
    expect(repeated).toBe(2)
    expect(rows.map(({ contributor, values }) => [contributor, values['pupils']])).toEqual([
      ['0350001A', 12],
      ['0350002B', 5],
    ])
  })
})

describe('the mapping', () => {
  it('keeps the order of the file', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, index) => `2022;${String((index * 7919) % 10_000).padStart(7, '0')}A;12`,
    )
    const { rows } = await conformed(file(...lines))
    expect(rows.map(({ uai }) => uai)).toEqual(lines.map((line) => line.split(';')[1]))
  })

  it('is blamed when it is no SQL, with what DuckDB says', async () => {
    const error = await refusal(file('2022;0350001A;12'), { mapping: 'SELECT nothing FROM checked' })
    expect(error).toMatchObject({ code: 'DESCRIPTOR_INVALID', facts: { remedy: expect.stringMatching(/nothing/) } })
  })

  it('is blamed when it forgets a measure or the contributor', async () => {
    const error = await refusal(file('2022;0350001A;12'), { mapping: 'SELECT uai, total AS "pupils" FROM checked' })
    expect(error).toMatchObject({
      code: 'DESCRIPTOR_INVALID',
      facts: { what: expect.stringMatching(/contributor, density/) },
    })
  })
})
