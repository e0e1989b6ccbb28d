/** A feed of many blocks: that of the population of every commune, which the fixture store holds. */
import { copyFile, mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFeed, type FeedFileRecord } from '../../../core/store/feeds.ts'
import { openStore } from '../../../core/store/open.ts'
import { fixtureStore } from '../../fixtures/store.ts'

let folder: string
let file: FeedFileRecord
let whole: Buffer
beforeAll(async () => {
  const store = await openStore(await fixtureStore(), [])
  const feed = store.feeds.feeds.find(({ name }) => name === 'population-municipale-commune')
  file = feed?.files.find(({ format }) => format === 'csv') ?? expect.fail('no such feed')
  folder = await mkdtemp(join(tmpdir(), 'strates-blocks-'))
  await copyFile(join(store.folder, file.file), join(folder, file.file))
  whole = gunzipSync(await readFile(join(folder, file.file)))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
const openFiles = async () => (await readdir('/proc/self/fd').catch(() => [])).length

describe('a feed of many blocks', () => {
  it('has every commune in every year, and is unpacked block by block', async () => {
    const sizes: number[] = []
    for await (const piece of readFeed(folder, file)) sizes.push(piece.length)
    expect(sizes.length).toBeGreaterThan(200)
    expect(Math.max(...sizes)).toBeLessThan(1_500_000)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(whole.length)
  })

  it('gives the bytes of a range that begins in one block and ends in another', async () => {
    const [[first = 0] = [], [second = 0] = []] = file.blocks ?? []
    const ranges = [
      [first - 7, first + 7],
      [first, first + second - 1],
      [first - 1, first + second],
      [whole.length - 1, whole.length - 1],
    ] as const
    for (const [from, to] of ranges) {
      expect((await bytesOf(readFeed(folder, file, from, to))).equals(whole.subarray(from, to + 1))).toBe(true)
    }
  })

  it('is read to the end when its version is cleared away meanwhile', async () => {
    const gone = await mkdtemp(join(tmpdir(), 'strates-gone-'))
    await copyFile(join(folder, file.file), join(gone, file.file))
    const pieces = readFeed(gone, file)
    const { value } = await pieces.next()
    await rm(gone, { recursive: true })
    const rest = await bytesOf(pieces)
    expect(Buffer.concat([value as Uint8Array, rest]).equals(whole)).toBe(true)
  })

  it('closes its file when nobody reads on', async () => {
    const before = await openFiles()
    for (let time = 0; time < 5; time += 1) {
      for await (const piece of readFeed(folder, file)) if (piece.length > 0) break
    }
    expect(await openFiles()).toBe(before)
  })

  it('that is cut short is an error, never a shorter feed', async () => {
    const cut = await mkdtemp(join(tmpdir(), 'strates-cut-'))
    try {
      await copyFile(join(folder, file.file), join(cut, file.file))
      await truncate(join(cut, file.file), Math.floor(file.packedBytes / 2))
      await expect(bytesOf(readFeed(cut, file))).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    } finally {
      await rm(cut, { recursive: true })
    }
  })
})
