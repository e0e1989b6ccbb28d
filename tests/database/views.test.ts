import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PostgresAddress } from '../../core/database/address.ts'
import type { Observation } from '../../core/observations/observation.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { publishToDatabase } from '../../pipeline/database/publish.ts'
import { ROLES } from '../../pipeline/database/roles.ts'
import { publishTiny } from '../core/store/tinyStore.ts'
import { REPOSITORY } from '../fixtures/store.ts'
import { richVersion } from './richStore.ts'
import { as, run, useServer, without } from './server.ts'

const { createDatabase } = useServer()

let data: string
let address: PostgresAddress
let store: Store
beforeAll(async () => {
  if (without !== '') return
  data = await mkdtemp(join(tmpdir(), 'strates-views-'))
  await publishTiny(data, richVersion())
  address = await createDatabase()
  await publishToDatabase(address, data, () => {})
  store = await openStore(data, OWNERS)
})
afterAll(() => (data === undefined ? undefined : rm(data, { recursive: true, force: true })))

interface Row {
  readonly territory: string
  readonly measure: string
  readonly period: number
  readonly shown: boolean
  readonly dataset: string
  readonly source_rank: number | null
  readonly cycle: string | null
}

/** An observation as the views write it. */
function asRow(observation: Observation): object {
  const { value, status, method, coverage, estimatedShare, simulated, provenance, notes } = observation
  return {
    value,
    status,
    method,
    simulated,
    expected: coverage?.expected ?? null,
    reported: coverage?.reported ?? null,
    missing: coverage?.missing ?? null,
    suppressed: coverage?.suppressed ?? null,
    share: coverage?.share ?? null,
    not_located: coverage?.notLocated ?? null,
    not_located_value: coverage?.notLocatedValue ?? null,
    estimated_share: estimatedShare,
    notes: value === null || notes.length === 0 ? null : notes.join(' '),
    dataset: provenance.datasetId,
    dataset_title: provenance.title,
    dataset_version: provenance.datasetVersion,
    licence: provenance.licence.id,
    licence_url: provenance.licence.url,
    attribution: provenance.attribution,
    source_url: provenance.sourceUrl,
    retrieved_at: new Date(provenance.retrievedAt),
  }
}

describe.skipIf(without !== '')(`the views${without}`, () => {
  it('show every value that the API answers, or why there is none, with all that it says of it', async () => {
    const rows = await run<Row>(address, 'SELECT * FROM strates.observation WHERE shown')
    const territories = store.atlas.current.all
    const periods = store.manifest.measures.map(({ id, owner }) => store.reader(owner).periodsOf(id).length)
    expect(rows).toHaveLength(territories.length * periods.reduce((sum, count) => sum + count, 0))
    expect(new Set(rows.map(({ measure }) => measure)).size).toBe(store.manifest.measures.length)
    for (const row of rows) {
      const measure = store.manifest.measures.find(({ id }) => id === row.measure)
      const territory = store.atlas.current.byId(row.territory)
      if (measure === undefined || territory === undefined) throw new RangeError(`${row.measure} of ${row.territory}`)
      const observation = store.reader(measure.owner).observe(measure.id, row.period, territory)
      expect(row).toMatchObject(asRow(observation))
      expect(row).toMatchObject({
        territory_code: territory.code,
        territory_name: territory.name,
        tier: territory.tier,
      })
    }
  })

  it('show beside it what each weaker source says', async () => {
    const rows = await run<Row>(address, 'SELECT * FROM strates.observation WHERE NOT shown')
    const primary = rows.filter(
      ({ measure, territory }) => measure === 'pupils-primary' && territory === 'commune:35238',
    )
    expect(primary).toMatchObject([{ dataset: 'annuaire', source_rank: 1, value: 90, simulated: true }])
    const [chosen] = await run<Row>(
      address,
      `SELECT * FROM strates.observation WHERE shown AND measure = 'pupils-primary' AND territory = 'commune:35093'`,
    )
    expect(chosen).toMatchObject({ dataset: 'annuaire', source_rank: 1, value: 40, status: 'NORMAL' })
    for (const row of rows) {
      const slice = store.manifest.slices.find(
        ({ measure, dataset, period }) => measure === row.measure && dataset === row.dataset && period === row.period,
      )
      const territory = store.atlas.current.byId(row.territory)
      if (slice === undefined || territory === undefined) throw new RangeError(`${row.measure} of ${row.dataset}`)
      expect(row).toMatchObject(asRow(store.reader(slice.owner).observeIn(slice, territory)))
    }
  })

  it('never say 0 of what is not known: a value is NULL exactly where the status says that there is none', async () => {
    const rows = await run<{ status: string; is_null: boolean; rows: number }>(
      address,
      'SELECT status, value IS NULL AS is_null, count(*)::int AS rows FROM strates.observation GROUP BY 1, 2 ORDER BY 1',
    )
    expect(rows.map(({ status, is_null }) => [status, is_null])).toEqual([
      ['NORMAL', false],
      ['NOT_APPLICABLE', true],
      ['OUT_OF_SCOPE', true],
      ['PARTIAL', false],
      ['SOURCE_UNAVAILABLE', true],
      ['SUPPRESSED', true],
    ])
  })

  it('of enrolment have measures of schools alone, one row for each territory and year, with its cycle', async () => {
    const rows = await run(
      address,
      `SELECT measure, cycle, school_year, count(*)::int AS rows, count(DISTINCT territory)::int AS territories
       FROM strates.enrolment GROUP BY 1, 2, 3 ORDER BY 1`,
    )
    const cycles = {
      'classes-primary': 'PRIMARY',
      'pupils-lower': 'LOWER_SECONDARY',
      'pupils-per-class': 'PRIMARY',
      'pupils-primary': 'PRIMARY',
      'pupils-total': 'ALL',
      'pupils-upper': 'UPPER_SECONDARY',
      'pupils-upper-gt': 'UPPER_SECONDARY',
      'pupils-upper-pro': 'UPPER_SECONDARY',
    }
    expect(rows).toEqual(
      Object.entries(cycles).map(([measure, cycle]) => ({
        measure,
        cycle,
        school_year: 2021,
        rows: 14,
        territories: 14,
      })),
    )
  })

  it('tell what a territory belongs to, and when it stood so', async () => {
    const [rennes] = await run(address, `SELECT * FROM strates.territory WHERE territory = 'commune:35238'`)
    expect(rennes).toMatchObject({
      code: '35238',
      name: 'Rennes',
      tier: 'COMMUNE',
      epci_code: '243500139',
      epci_name: 'Rennes Métropole',
      departement_code: '35',
      region_code: '53',
      region_name: 'Bretagne',
      valid_from: 2026,
      valid_to: 2026,
      is_current: true,
    })
    const [without] = await run(address, `SELECT epci_code FROM strates.territory WHERE code = '22016'`)
    expect(without).toEqual({ epci_code: null })
  })

  it('tell where each slice comes from', async () => {
    const rows = await run(address, 'SELECT * FROM strates.provenance ORDER BY slice')
    expect(rows).toHaveLength(store.manifest.slices.length)
    expect(rows[1]).toMatchObject({
      measure: 'pupils-primary',
      dataset: 'annuaire',
      source_rank: 1,
      owner: 'commune',
      competent: 'Communes',
      producer: 'DEPP',
      publisher: 'MEN',
      licence: 'etalab-2.0',
      attribution: 'The directory; "quoted"',
      rule: 'Sum over the écoles.',
      note: 'Weaker.',
      snapshots: 'abc',
      departements_expected: '22 35',
      departements_covered: '35',
      data_version: store.manifest.dataVersion,
    })
  })

  it('say what each of their columns is', async () => {
    const silent = await run(
      address,
      `SELECT class.relname, attribute.attname FROM pg_class AS class
       JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
       WHERE class.relnamespace = 'strates'::regnamespace
       AND (col_description(class.oid, attribute.attnum) IS NULL OR obj_description(class.oid) IS NULL)`,
    )
    expect(silent).toEqual([])
  })
})

describe.skipIf(without !== '')(`docs/sql.md${without}`, () => {
  it.each(['sql.md', 'sql.fr.md'])('%s asks only what a person of strates_read may ask', async (page) => {
    const text = await readFile(join(REPOSITORY, 'docs', page), 'utf8')
    const blocks = [...text.matchAll(/^```sql\n(.*?)^```/gms)].map(([, block = '']) => block)
    const questions = blocks.filter((block) => block.startsWith('SELECT'))
    expect(questions).not.toEqual([])
    for (const question of questions) await run(address, `SET ROLE strates_read; ${question}`)
    for (const made of blocks.filter((block) => !block.startsWith('SELECT')))
      await run(address, `BEGIN; ${made}; ROLLBACK`)
  })
})

describe.skipIf(without !== '')(`the roles${without}`, () => {
  const refused = (user: string, text: string) => run(as(address, user, 'own'), text).then(() => 'done', codeOf)
  const codeOf = (error: { readonly code?: string }) => error.code
  beforeAll(async () => {
    await run(address, `CREATE ROLE reader LOGIN PASSWORD 'own' IN ROLE strates_read`)
    await run(address, `CREATE ROLE server LOGIN PASSWORD 'own' IN ROLE strates_serve`)
  })

  it('let people read the views, all of them', async () => {
    const views = await run<{ relname: string }>(
      address,
      `SELECT relname FROM pg_class WHERE relnamespace = 'strates'::regnamespace ORDER BY 1`,
    )
    expect(views.map(({ relname }) => relname)).toEqual(ROLES.strates_read.tables.toSorted())
    for (const { relname } of views)
      expect(await run(as(address, 'reader', 'own'), `SELECT * FROM strates.${relname}`)).not.toEqual([])
  })

  it('let people read and write nothing else', async () => {
    const tables = await run<{ name: string }>(
      address,
      `SELECT oid::regclass::text AS name FROM pg_class
       WHERE relnamespace = 'strates_store'::regnamespace AND relkind IN ('r', 'p', 'v')`,
    )
    expect(tables.length).toBeGreaterThan(20)
    for (const { name } of tables) expect(await refused('reader', `SELECT 1 FROM ${name}`)).toBe('42501')
    for (const text of [
      `UPDATE strates.territory SET name = 'x'`,
      'DELETE FROM strates.territory',
      `INSERT INTO strates.territory (code) VALUES ('x')`,
      'DROP VIEW strates.enrolment',
      'CREATE TABLE strates.mine (one int)',
      'CREATE TABLE strates_store.mine (one int)',
      'TRUNCATE strates_store.file',
    ])
      expect([text, await refused('reader', text)]).toEqual([text, '42501'])
  })

  it('let services read files and rows, and write nothing', async () => {
    for (const table of ROLES.strates_serve.tables)
      expect(await refused('server', `SELECT * FROM strates_store.${table}`)).toBe('done')
    for (const table of ['file', 'cell', 'version'])
      expect(await refused('server', `DELETE FROM strates_store.${table}`)).toBe('42501')
  })
})

describe.skipIf(without !== '')(`npm run database${without}`, () => {
  const start = async (given: readonly string[], database?: string) => {
    const child = spawn(process.execPath, ['pipeline/database/main.ts', ...given], {
      cwd: REPOSITORY,
      env: { ...process.env, DATABASE_URL: database },
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
    const code = await new Promise((resolve) => child.once('close', resolve))
    return { code, text }
  }

  it('says what the database holds, without its password', async () => {
    const { code, text } = await start(['status'], address.url)
    expect(code).toBe(0)
    const { dataVersion } = store.manifest
    expect(text).toMatch(/^database {2}postgres:\/\/127\.0\.0\.1:\d+\/strates_\d+, PostgreSQL \d+/)
    expect(text).toContain(`current   snapshot ${dataVersion}.`)
    expect(text).toMatch(new RegExp(`version {3}${dataVersion}, 19 rows, [\\d.]+ MB, .* with rows for the views`))
    expect(text).toMatch(/roles {5}strates_read, strates_serve\n$/)
    expect(text).not.toContain('strates:strates')
  })

  it('ends with 2 where it is not told what to do, and with 1 where there is no database', async () => {
    const [wrong, none] = await Promise.all([start(['drop'], address.url), start(['migrate'], '')])
    expect([wrong.code, wrong.text]).toEqual([2, expect.stringMatching(/^INVALID_OPTION: .*one of migrate, status/)])
    expect([none.code, none.text]).toEqual([1, expect.stringMatching(/^CONFIGURATION_INVALID: .*DATABASE_URL/)])
  })
})
