import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StratesError } from '../../../core/observations/error.ts'
import { OWNERS } from '../../../core/observations/owner.ts'
import { currentVersion } from '../../../core/store/current.ts'
import { openStore } from '../../../core/store/open.ts'
import { cell, publishTiny, slice, territories, version } from './tinyStore.ts'

const content = {
  ...version([slice(0, [cell('commune:35238', 12), cell('departement:35', 12), cell('nation:FR', 12)])]),
  feeds: false,
}

describe('opening a store', () => {
  let data: string
  let folder: string
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-open-'))
  })
  afterEach(() => rm(data, { recursive: true, force: true }))

  async function publishHere(): Promise<void> {
    folder = join(data, 'versions', await publishTiny(data, content))
  }
  async function refusal(): Promise<StratesError> {
    const error: unknown = await openStore(data, OWNERS).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ name: 'StratesError' })
    return error as StratesError
  }
  async function expectCorrupt(path: string): Promise<StratesError> {
    const error = await refusal()
    expect(error).toMatchObject({
      code: 'STORE_CORRUPT',
      facts: { on: path, remedy: expect.stringMatching(/npm run ingest/) },
    })
    return error
  }
  async function flipByte(name: string, at: number): Promise<void> {
    const path = join(folder, name)
    const bytes = await readFile(path)
    bytes[at] = bytes[at]! ^ 1
    await writeFile(path, bytes)
  }

  it('gives back the territories, aliases and cells that were published', async () => {
    await publishHere()
    const store = await openStore(data, OWNERS)
    expect(store.atlas.years).toEqual([2026])
    expect(store.manifest.vintages).toEqual([{ year: 2026, epciAsOf: 2026 }])
    expect(store.atlas.current.all).toMatchObject(territories.all)
    for (const place of territories.all) {
      expect(store.atlas.current.piecesOf(place)).toEqual(territories.piecesOf(place))
    }
    expect(store.atlas.current.find('COMMUNE', '22122').territory.code).toBe('22209')
    expect(store.manifest.dataVersion).toBe(await currentVersion(data))
    expect(store.reader('commune').observe('pupils-primary', 2021, store.atlas.current.nation)).toMatchObject({
      value: 12,
      status: 'NORMAL',
    })
  })

  it('gives back the EPCI through the vintages', async () => {
    await publishHere()
    const { epciHistory } = (await openStore(data, ['epci'])).reader('epci')
    const { changes, vintages } = content.epcis
    expect(epciHistory.changes({})).toEqual(changes)
    expect(vintages.map(({ year, perimeterOf }) => [year, perimeterOf])).toEqual(
      epciHistory.years.map((year) => [year, epciHistory.perimeterOf(year)]),
    )
    expect(epciHistory.stateIn(2025, '243500139')).toEqual(vintages[0]?.epcis[0])
    expect(epciHistory.resolve('243500725', { from: 2026, to: 2025 }).shares).toEqual([
      { epci: vintages[0]?.epcis[1], share: 9900 / 13_400, inhabitants: 9900, censusYear: 2022 },
      { epci: null, share: 3500 / 13_400, inhabitants: 3500, censusYear: 2022 },
    ])
    expect(epciHistory.resolve('243500139').shares).toEqual([
      { epci: vintages[1]?.epcis[0], share: null, inhabitants: null, censusYear: null },
    ])
  })

  it('says that there is none yet, where, and how to make one', async () => {
    const error = await refusal()
    expect(error).toMatchObject({
      code: 'STORE_MISSING',
      facts: { on: `folder ${data}`, remedy: expect.stringMatching(/npm run ingest/) },
    })
    expect(await currentVersion(join(data, 'nowhere'))).toBeUndefined()
  })

  it.each(['', 'latest', '../elsewhere', '0123456789ABCDEF'])(
    'refuses the damaged pointer "%s" and names it',
    async (pointer) => {
      await publishHere()
      await writeFile(join(data, 'current'), pointer)
      await expectCorrupt(join(data, 'current'))
    },
  )

  it('refuses a pointer to a version that is not there, and names its manifest', async () => {
    await publishHere()
    await writeFile(join(data, 'current'), '0123456789abcdef\n')
    await expectCorrupt(join(data, 'versions', '0123456789abcdef', 'manifest.json'))
  })

  it.each(['territories.parquet', 'grounds.parquet', 'aliases.parquet', 'cells-commune.parquet', 'notes-commune.json'])(
    'refuses %s with one bit flipped anywhere, and names it',
    async (name) => {
      await publishHere()
      const { length } = await readFile(join(folder, name))
      for (const at of [0, length >> 1, length - 1]) {
        await flipByte(name, at)
        expect((await expectCorrupt(join(folder, name))).facts.expected).toMatch(/sha256/)
        await flipByte(name, at)
      }
      await openStore(data, OWNERS)
    },
  )

  it.each([
    'territories.parquet',
    'grounds.parquet',
    'cells-commune.parquet',
    'notes-commune.json',
    'manifest.json',
    'retrieved.json',
  ])('refuses a version without %s, and names it', async (name) => {
    await publishHere()
    await rm(join(folder, name))
    await expectCorrupt(join(folder, name))
  })

  it.each(['manifest.json', 'retrieved.json'])('refuses %s when it is no JSON, and names it', async (name) => {
    await publishHere()
    await writeFile(join(folder, name), '{"cut')
    await expectCorrupt(join(folder, name))
  })

  it('refuses a manifest whose content is not that of its version', async () => {
    await publishHere()
    const path = join(folder, 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"attribution": "MEN"', '"attribution": "me"'))
    await expectCorrupt(path)
  })

  it('refuses the layout of another release', async () => {
    await publishHere()
    const path = join(folder, 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"format": \d+/, '"format": 99'))
    expect((await expectCorrupt(path)).facts.what).toMatch(/layout 99/)
  })

  it('loads the owners asked for and refuses to read for another', async () => {
    await publishHere()
    await rm(join(folder, 'cells-region.parquet'))
    const store = await openStore(data, ['commune'])
    expect(store.reader('commune').owner).toBe('commune')
    expect(() => store.reader('region')).toThrow(RangeError)
  })

  it('opens in a folder whose name means something to DuckDB', async () => {
    const odd = join(data, "l'été [2026] *")
    await mkdir(odd)
    await publishTiny(odd, content)
    const store = await openStore(odd, OWNERS)
    expect(store.atlas.current.all).toHaveLength(territories.all.length)
  })
})
