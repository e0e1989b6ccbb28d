import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { exportTier } from '../../pipeline/exportTier.ts'
import { fixtureStore } from '../fixtures/store.ts'

let folder: string
let data: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-tier-'))
  data = await fixtureStore()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the store of one tier', () => {
  it.each(OWNERS)('is all that the subgraph of %s opens, and holds no school of another owner', async (owner) => {
    const to = join(folder, owner)
    const { version, files } = await exportTier(data, owner, to)
    const names = await readdir(join(to, 'versions', version))
    expect(names).toHaveLength(files)
    for (const other of OWNERS.filter((one) => one !== owner))
      expect(names.filter((name) => name.includes(`-${other}.`))).toEqual([
        `cells-${other}.parquet`,
        `notes-${other}.json`,
      ])
    expect(names.filter((name) => /^(?:feed|boundaries)/.test(name))).toEqual([])

    const [part, whole] = [await openStore(to, [owner]), await openStore(data, [owner])]
    expect(part.edition).toBe(whole.edition)
  })

  it('is written again over itself, and takes nothing away from who reads it', async () => {
    const to = join(folder, 'commune')
    const { version } = await exportTier(data, 'commune', to)
    expect(await readdir(join(to, 'versions'))).toEqual([version])
    expect((await openStore(to, ['commune'])).manifest.dataVersion).toBe(version)
  })

  it('cannot be made of a store that is not there', async () => {
    await expect(exportTier(join(folder, 'nothing'), 'commune', folder)).rejects.toMatchObject({
      code: 'STORE_MISSING',
    })
  })
})
