import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresAddress } from '../../core/database/address.ts'
import { connect } from '../../core/database/connect.ts'
import { checkLayout, DATABASE_LAYOUT } from '../../core/database/layout.ts'
import { openRemote } from '../../core/snapshots/open.ts'
import { readWhole } from '../../core/snapshots/remote.ts'
import { sha256Of } from '../../core/snapshots/snapshot.ts'
import { migrate } from '../../pipeline/database/migrate.ts'
import { withSession } from '../../pipeline/database/session.ts'
import { postgresWritable } from '../../pipeline/snapshots/postgresWritable.ts'
import { remoteContract } from '../snapshots/contract.ts'
import { run, useServer, without } from './server.ts'

const { server, createDatabase } = useServer()

describe.skipIf(without !== '')(`snapshots in a database${without}`, () => {
  let address: PostgresAddress
  beforeAll(async () => {
    address = await createDatabase()
    await withSession(address, migrate)
  })

  remoteContract('postgres://', async () => {
    await run(address, 'DELETE FROM strates_store.file')
    const database = connect(address)
    return {
      reader: openRemote(address),
      writer: postgresWritable(database),
      damage: async (key) => {
        await run(address, `UPDATE strates_store.chunk SET content = 'cONTENT' WHERE key = $1`, [key])
      },
      close: database.close,
    }
  })

  describe('a large file', () => {
    let folder: string
    beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'strates-large-'))))
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('is kept in pieces, is read whole, and is known to be broken where a piece is missing', async () => {
      const bytes = Buffer.alloc(2_500_000, 'élèves ')
      await writeFile(join(folder, 'large'), bytes)
      const file = { name: 'large', bytes: bytes.length, sha256: sha256Of(bytes) }
      await withSession(address, async (session) => {
        const writer = postgresWritable(session)
        await writer.put('versions/a/large', join(folder, 'large'), file)
        expect(await writer.has('versions/a/large', file)).toBe(true)
      })
      const read = async () => {
        const found = await openRemote(address).open('versions/a/large')
        return found === undefined || found === 'unchanged' ? undefined : readWhole(found, 3_000_000)
      }
      expect(sha256Of((await read()) ?? '')).toBe(file.sha256)
      expect(await run(address, `SELECT 1 FROM strates_store.chunk WHERE key = 'versions/a/large'`)).toHaveLength(3)
      await run(address, `DELETE FROM strates_store.chunk WHERE key = 'versions/a/large' AND position = 1`)
      await expect(read()).rejects.toMatchObject({ code: 'SNAPSHOT_UNREACHABLE' })
    })
  })
})

describe.skipIf(without !== '')(`a database${without}`, () => {
  it('is laid out once, also by two publishers at the same time', async () => {
    const address = await createDatabase()
    const taken = await Promise.all([withSession(address, migrate), withSession(address, migrate)])
    expect(taken.flat()).toHaveLength(DATABASE_LAYOUT)
    const database = connect(address)
    await expect(checkLayout(database)).resolves.toBeUndefined()
    await database.close()
  })

  it('without tables, or with those of a newer Strates, is told with what to do', async () => {
    const address = await createDatabase()
    const database = connect(address)
    await expect(checkLayout(database)).rejects.toMatchObject({
      code: 'DATABASE_LAYOUT',
      message: expect.stringContaining('npm run database -- migrate'),
    })
    await expect(openRemote(address).open('current.json')).rejects.toMatchObject({ code: 'DATABASE_LAYOUT' })
    await withSession(address, migrate)
    await run(address, 'INSERT INTO strates_store.migration (version) VALUES (99)')
    await expect(checkLayout(database)).rejects.toThrow(/layout 99.*Use the version of Strates/)
    await expect(withSession(address, migrate)).rejects.toMatchObject({ code: 'DATABASE_LAYOUT' })
    await database.close()
  })

  it('that was laid out by a step that is another one now is not laid out further', async () => {
    const address = await createDatabase()
    await withSession(address, migrate)
    await run(address, `UPDATE strates_store.migration SET md5 = 'other' WHERE version = 1`)
    await expect(withSession(address, migrate)).rejects.toMatchObject({ code: 'DATABASE_LAYOUT' })
  })

  it('that does not answer, or refuses, is told without any secret', async () => {
    const { url } = server()
    const wrong = [
      url.replace(/:\d+\/.*/, ':1/strates'),
      url.replace('strates:strates@', 'strates:hunter2@'),
      url.replace(/[^/]*$/, 'nowhere').replace('strates:', 'hunter2:'),
      url.replace('127.0.0.1', 'nowhere.invalid').replace('strates:', 'hunter2:'),
      `${url}?sslmode=verify-full&password=hunter2`,
    ]
    for (const one of wrong) {
      const error = await openRemote({ kind: 'postgres', url: one })
        .open('current.json')
        .then(String, (failure: Error) => failure)
      expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
      const { message, stack, extensions } = error as Error & { readonly extensions: object }
      expect(`${message} ${stack} ${JSON.stringify(extensions)}`).not.toContain('hunter2')
    }
  })

  it('stops a statement that takes too long', async () => {
    const database = connect(await createDatabase(), { statementMs: 50 })
    await expect(database.query('SELECT pg_sleep(5)')).rejects.toThrow(/refused \(57014\).*It took too long/)
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.close()
  })

  it('undoes what fails on the way, all of it', async () => {
    const address = await createDatabase()
    const database = connect(address)
    const made = database.transaction(async ({ query }) => {
      await query('CREATE TABLE half (one int)')
      await query('SELECT 1 / 0')
    })
    await expect(made).rejects.toThrow('refused (22012)')
    expect(await database.query(`SELECT 1 FROM pg_class WHERE relname = 'half'`)).toEqual([])
    await database.close()
  })
})
