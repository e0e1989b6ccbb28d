import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesOfTier } from '../../core/store/tierFiles.ts'
import { fileWritable } from '../../pipeline/snapshots/fileWritable.ts'
import { pushSnapshot } from '../../pipeline/snapshots/push.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { isWithoutPostgres, startDatabase, type OwnDatabase } from '../store/database.ts'
import { cleanUp, ownFolder, start } from './program.ts'

let published: string
beforeAll(async () => {
  published = await fixtureStore()
})
afterAll(cleanUp)

const SERVES = /subgraph (\w+) on (http:\/\/127\.0\.0\.1:\d+)/

/** A subgraph over an empty folder, and what it has there once it serves. */
function follow(name: string, data: string, settings: Readonly<Record<string, string>>) {
  const program = start('subgraphs/main.ts', [name, '--port', '0'], {
    STRATES_DATA: data,
    STRATES_STORE_EVERY: '1',
    ...settings,
  })
  const url = async () => (await program.says(SERVES))[2] ?? ''
  return { program, url }
}

async function filesIn(data: string): Promise<readonly string[]> {
  const version = (await readFile(join(data, 'current'), 'utf8')).trim()
  return (await readdir(join(data, 'versions', version))).toSorted()
}

const PRIMARY = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on SchoolEnrolment { primary { value } } } }`

const OTHER = JSON.stringify({
  query:
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Commune { name: code schoolEnrolment(schoolYear: 2022) { primary { value } } } } }',
  variables: { of: [{ __typename: 'Commune', id: 'commune:35047' }] },
})

async function primaryOf(url: string) {
  const of = [{ __typename: 'SchoolEnrolment', id: 'commune:35238@2022/g2026' }]
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: PRIMARY, variables: { of } }),
  })
  return (await response.json()) as { readonly data: any; readonly errors?: readonly any[] }
}

describe('one subgraph alone, where STRATES_STORE_URL is set', () => {
  it('waits for the first snapshot, and takes of it the files of its tier', async () => {
    const [there, data] = [join(await ownFolder(), 'there'), await ownFolder()]
    const { program, url } = follow('commune', data, { STRATES_STORE_URL: pathToFileURL(there).href })
    await program.says(/Nothing was published there yet/)
    await pushSnapshot(published, fileWritable({ kind: 'file', folder: there }))
    const { data: answered } = await primaryOf(await url())
    expect(answered._entities[0].primary.value).toBe(180)
    expect(await filesIn(data)).toEqual(filesOfTier('commune'))
    program.send('SIGTERM')
    expect((await program.ended).code).toBe(0)
  }, 60_000)
})

describe.skipIf(isWithoutPostgres())('one subgraph alone, where DATABASE_URL is set', () => {
  let database: OwnDatabase
  beforeAll(async () => {
    database = await startDatabase()
    await database.publish(published)
  })
  afterAll(() => database?.server.stop())

  it('takes no rows as files, reads them from the database, and goes on when that is gone and comes back', async () => {
    const data = await ownFolder()
    const { program, url } = follow('commune', data, { DATABASE_URL: database.address.url })
    const at = await url()
    expect((await primaryOf(at)).data._entities[0].primary.value).toBe(180)
    expect((await filesIn(data)).filter((name) => /^(cells|parts|school-values|missing)-/.test(name))).toEqual([])
    expect(await filesIn(data)).toContain('notes-region.json')
    await database.server.kill()
    await program.says(/DATABASE_UNREACHABLE/)
    const gone = await fetch(at, { method: 'POST', headers: { 'content-type': 'application/json' }, body: OTHER })
    const { data: answered, errors } = (await gone.json()) as { readonly data: any; readonly errors?: readonly any[] }
    expect(answered._entities).toEqual([{ name: '35047', schoolEnrolment: { primary: null } }])
    expect(errors?.[0].extensions.code).toBe('DATABASE_UNREACHABLE')
    const told = await fetch(at, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    })
    expect(told.headers.get('strates-store-problem')).toBe('DATABASE_UNREACHABLE')
    await database.server.start()
    await program.says(/held again|answers again/)
    expect((await primaryOf(at)).errors).toBeUndefined()
    program.send('SIGTERM')
    expect((await program.ended).code).toBe(0)
    expect(JSON.stringify(program.output())).not.toContain('strates:strates')
  }, 60_000)
})
