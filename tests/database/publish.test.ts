import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import type { PostgresAddress } from '../../core/database/address.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { openContent } from '../../core/store/open.ts'
import { loadVersion } from '../../pipeline/database/load.ts'
import { migrate } from '../../pipeline/database/migrate.ts'
import { publishToDatabase } from '../../pipeline/database/publish.ts'
import { withSession } from '../../pipeline/database/session.ts'
import { pushTo } from '../../pipeline/snapshots/pushTo.ts'
import { forgetTinyStores, publishHere } from '../snapshots/tinyStores.ts'
import { as, run, useServer, without } from './server.ts'

const { createDatabase } = useServer()
/** What waits for nobody for long. */
const HURRIED = { patienceMs: 100, lockMs: 100 } as const

let folder: string
let data: string
const open: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-database-'))
  data = join(folder, 'own')
})
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await forgetTinyStores()
})

async function said(address: PostgresAddress, from = data) {
  const lines: string[] = []
  const isPushed = await pushTo(address, from, (line) => void lines.push(line))
  return { isPushed, text: lines.join('\n') }
}

const publish = (address: PostgresAddress, keep?: number) =>
  publishToDatabase(address, data, () => {}, { ...HURRIED, ...(keep !== undefined && { keep }) })

const CELLS =
  'SELECT version, owner, territory, slice, value, status, share FROM strates_store.cell ORDER BY version, owner'
const versionsIn = async (address: PostgresAddress, table: string) => {
  const rows = await run<{ version: string }>(address, `SELECT DISTINCT version FROM ${table} ORDER BY version`)
  return rows.map(({ version }) => version)
}

describe.skipIf(without !== '')(`publishing into a database${without}`, () => {
  it('by a user who may make no roles says how to have them made, and goes on', async () => {
    const address = await createDatabase()
    await run(address, `CREATE ROLE small LOGIN PASSWORD 'small'`)
    await run(address, `GRANT CREATE ON DATABASE ${address.url.split('/').at(-1)} TO small`)
    await publishHere(data, 1)
    const { isPushed, text } = await said(as(address, 'small', 'small'))
    expect([isPushed, text]).toEqual([true, expect.stringContaining('have CREATE ROLE strates_read NOLOGIN run')])
    expect(await run(address, 'SELECT DISTINCT value FROM strates.observation WHERE value IS NOT NULL')).toHaveLength(1)
  })

  it('puts the rows of the version there, then its files, and names it last', async () => {
    const address = await createDatabase()
    const version = await publishHere(data, 12)
    const { isPushed, text } = await said(address)
    expect([isPushed, text]).toEqual([
      true,
      expect.stringMatching(/^database: laid out.*pushed: snapshot \w{16}\.\w{8} to postgres:\/\/127/s),
    ])
    expect(text).not.toContain('strates:strates')
    const cells = await run<{ owner: string; value: number }>(address, CELLS)
    expect(cells.map(({ owner, value }) => [owner, value])).toEqual([
      ['commune', 12],
      ['commune', 12],
      ['commune', 12],
    ])
    const [file] = await run<{ bytes: number }>(
      address,
      `SELECT bytes::int FROM strates_store.file WHERE key LIKE 'versions/${version}.%/cells-commune.parquet'`,
    )
    const own = await readFile(join(data, 'versions', version, 'cells-commune.parquet'))
    expect(file?.bytes).toBe(own.length)
  })

  it('costs nothing where the version is there', async () => {
    const address = await createDatabase()
    await publishHere(data, 12)
    await publish(address)
    const before = await run(address, 'SELECT xmin::text, * FROM strates_store.version')
    expect((await said(address)).text).toMatch(/^is there already: .* 0 files/)
    expect(await run(address, 'SELECT xmin::text, * FROM strates_store.version')).toEqual(before)
  })

  it('leaves nothing behind where it breaks off, and is whole the next time', async () => {
    const address = await createDatabase()
    const version = await publishHere(data, 12)
    const broken = join(folder, 'broken')
    await cp(data, broken, { recursive: true })
    await rm(join(broken, 'versions', version, 'missing-region.parquet'))
    expect((await said(address, broken)).text).toMatch(/^NOT PUSHED: STORE_CORRUPT: .*missing-region/)
    await cp(join(data, 'versions', version), join(broken, 'versions', version), { recursive: true })
    await withSession(address, async (session) => {
      await migrate(session)
      const opened = await openContent(join(broken, 'versions', version), version, OWNERS, async () => [])
      await rm(join(broken, 'versions', version, 'missing-region.parquet'))
      await expect(loadVersion(session, opened)).rejects.toThrow('missing-region')
    })
    expect(await run(address, CELLS)).toEqual([])
    expect(await run(address, `SELECT relname FROM pg_class WHERE relname ~ '_${version}'`)).toEqual([])
    expect(await run(address, 'SELECT * FROM strates_store.file')).toEqual([])
    // Files that an interrupted publish left, whose snapshot was never named, go with the next.
    await run(address, `INSERT INTO strates_store.file VALUES ('versions/${version}.00000000/a.json', 'tag', 0, '')`)
    await publish(address)
    expect(await run(address, CELLS)).toHaveLength(3)
    expect(await run(address, 'SELECT 1 FROM strates.observation')).not.toEqual([])
    expect(await run(address, `SELECT 1 FROM strates_store.file WHERE key LIKE '%.00000000/%'`)).toEqual([])
  })

  it('says when the data was looked for, also where nothing else changed', async () => {
    const address = await createDatabase()
    const version = await publishHere(data, 12)
    await publish(address)
    await writeFile(
      join(data, 'versions', version, 'retrieved.json'),
      JSON.stringify({ ecoles: '2026-07-08T09:10:11.000Z' }),
    )
    await publish(address)
    for (const view of ['observation', 'provenance']) {
      const times = await run(address, `SELECT DISTINCT retrieved_at FROM strates.${view}`)
      expect(times).toEqual([{ retrieved_at: new Date('2026-07-08T09:10:11.000Z') }])
    }
    await rm(data, { recursive: true })
  })

  it('makes anew the rows of a version of which only a part was left', async () => {
    const address = await createDatabase()
    await publishHere(data, 1)
    await publish(address)
    const before = await run(address, 'SELECT count(*)::int AS rows FROM strates_store.cell')
    await run(address, 'DELETE FROM strates_store.version')
    expect((await publish(address)).left).toEqual([])
    expect(await run(address, 'SELECT count(*)::int AS rows FROM strates_store.cell')).toEqual(before)
    expect(await run(address, 'SELECT DISTINCT value FROM strates.observation WHERE value IS NOT NULL')).toEqual([
      { value: 1 },
    ])
  })

  it('drops the rows of versions that no snapshot kept is of; the views have those of the newest two', async () => {
    const address = await createDatabase()
    const versions: string[] = []
    for (const value of [1, 2, 3, 4]) {
      versions.push(await publishHere(data, value))
      expect((await publish(address, 3)).left).toEqual([])
      expect(await run(address, 'SELECT DISTINCT value FROM strates.observation WHERE value IS NOT NULL')).toEqual([
        { value },
      ])
    }
    expect(await versionsIn(address, 'strates_store.cell')).toEqual(versions.slice(1).toSorted())
    expect(await versionsIn(address, 'strates_store.version')).toEqual(versions.slice(1).toSorted())
    expect(await versionsIn(address, 'strates_store.observation')).toEqual(versions.slice(2).toSorted())
    expect(await versionsIn(address, 'strates_store.territory')).toEqual(versions.slice(2).toSorted())
    expect(await run(address, `SELECT relname FROM pg_class WHERE relname ~ '_${versions[0]}'`)).toEqual([])
    // One that comes back has its rows for the views made again.
    await publishHere(data, 2)
    await publish(address, 3)
    expect(await run(address, 'SELECT DISTINCT value FROM strates.observation WHERE value IS NOT NULL')).toEqual([
      { value: 2 },
    ])
  })

  it('does not wait for who reads an old version, says so, and drops it the next time', async () => {
    const address = await createDatabase()
    const first = await publishHere(data, 1)
    await publish(address, 1)
    const reader = new pg.Client({ connectionString: address.url })
    await reader.connect()
    open.push(() => reader.end())
    await reader.query('BEGIN')
    await reader.query('SELECT count(*) FROM strates_store.cell')
    const second = await publishHere(data, 2)
    const { left, outcome } = await publish(address, 1)
    expect(outcome).toBe('switched')
    expect(left.map(({ code, message }) => [code, message])).toEqual([
      ['STORE_BUSY', expect.stringContaining(`strates_store.cell_${first}`)],
    ])
    expect(await versionsIn(address, 'strates_store.cell')).toEqual([second])
    // Who reads meanwhile is not kept waiting, and finds the new version whole.
    expect(await run(address, 'SELECT DISTINCT value FROM strates.observation WHERE value IS NOT NULL')).toEqual([
      { value: 2 },
    ])
    expect((await reader.query('SELECT count(*)::int AS cells FROM strates_store.cell')).rows).not.toEqual([
      { cells: 0 },
    ])
    await reader.query('COMMIT')
    expect((await publish(address, 1)).left).toEqual([])
    expect(await run(address, `SELECT relname FROM pg_class WHERE relname ~ '_${first}'`)).toEqual([])
  })

  it('is done by one publisher at a time', async () => {
    const address = await createDatabase()
    await publishHere(data, 12)
    await withSession(address, async () => {
      await expect(publish(address)).rejects.toMatchObject({ code: 'STORE_BUSY' })
    })
    await expect(publish(address)).resolves.toMatchObject({ outcome: 'switched' })
  })

  it('fails, and says on what, without any secret', async () => {
    const address = await createDatabase()
    await publishHere(data, 12)
    const { isPushed, text } = await said(as(address, 'strates', 'hunter2'))
    expect([isPushed, text]).toEqual([false, expect.stringMatching(/^NOT PUSHED: DATABASE_UNREACHABLE: .*28P01/)])
    expect(text).not.toContain('hunter2')
    await run(address, 'CREATE SCHEMA strates_store')
    await run(address, 'CREATE TABLE strates_store.migration (version bigint)')
    await run(address, 'INSERT INTO strates_store.migration VALUES (99)')
    expect((await said(address)).text).toMatch(/^NOT PUSHED: DATABASE_LAYOUT/)
  })
})
