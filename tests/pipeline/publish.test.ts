import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { currentVersion } from '../../core/store/current.ts'
import { openStore } from '../../core/store/open.ts'
import type { Version } from '../../pipeline/publish.ts'
import { cell, publishTiny, slice, territories, version } from '../core/store/tinyStore.ts'

const worth = (value: number): Version =>
  version([
    slice(0, [cell('commune:35238', value), cell('nation:FR', value)], {}, (of) => [`A sentence on ${of.value}.`]),
  ])

describe('publishing a version', () => {
  let data: string
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-publish-'))
  })
  afterEach(() => rm(data, { recursive: true, force: true }))

  const versions = async () => (await readdir(join(data, 'versions'))).toSorted()
  async function hashes(of: string): Promise<Readonly<Record<string, string>>> {
    const folder = join(data, 'versions', of)
    const names = (await readdir(folder)).toSorted()
    const hash = async (name: string) =>
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex')
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)])))
  }
  async function nation(): Promise<number | null> {
    const store = await openStore(data, OWNERS)
    return store.reader('commune').observe('pupils-primary', 2021, territories.nation).value
  }

  it('makes it the current one', async () => {
    const published = await publishTiny(data, worth(12))
    expect(published).toMatch(/^[0-9a-f]{16}$/)
    expect(await currentVersion(data)).toBe(published)
    expect(await readFile(join(data, 'current'), 'utf8')).toBe(`${published}\n`)
    expect(await nation()).toBe(12)
  })

  it('gives the same version and the same bytes for the same content, wherever it is published', async () => {
    const first = await publishTiny(data, worth(12))
    const bytes = await hashes(first)
    expect(await publishTiny(data, worth(12))).toBe(first)
    expect(await hashes(first)).toEqual(bytes)
    await rm(join(data, 'versions'), { recursive: true })
    await rm(join(data, 'current'))
    expect(await publishTiny(data, worth(12))).toBe(first)
    expect(await hashes(first)).toEqual(bytes)
    const feeds = Object.keys(bytes).filter((name) => name.startsWith('feed-'))
    expect(feeds).toHaveLength(5 * 3)
    expect(Object.keys(bytes)).toHaveLength(12 + 5 * OWNERS.length + 6 + feeds.length)
  })

  it('gives another version for one other value, sentence or fact', async () => {
    const one = worth(12)
    const changed = [
      worth(13),
      { ...one, slices: one.slices.map((each) => ({ ...each, describe: () => ['Another sentence.'] })) },
      { ...one, manifest: { ...one.manifest, simulated: true } },
    ]
    const names = [await publishTiny(data, one)]
    for (const content of changed) names.push(await publishTiny(data, content))
    expect(new Set(names).size).toBe(4)
  })

  it('gives the same version when only the retrieval is newer, and keeps the newer time', async () => {
    const first = await publishTiny(data, worth(12))
    const later = { ...worth(12), retrieved: { ecoles: '2026-06-01T00:00:00.000Z' } }
    expect(await publishTiny(data, later)).toBe(first)
    const store = await openStore(data, OWNERS)
    const { provenance } = store.reader('commune').observe('pupils-primary', 2021, territories.nation)
    expect(provenance.retrievedAt).toBe('2026-06-01T00:00:00.000Z')
  })

  it('keeps the version before, and no older one', async () => {
    const names = [await publishTiny(data, worth(1)), await publishTiny(data, worth(2))]
    expect(await versions()).toEqual(names.toSorted())
    names.push(await publishTiny(data, worth(3)))
    expect(await versions()).toEqual(names.slice(1).toSorted())
  })

  it('keeps the version before also when the current one is published again', async () => {
    const names = [await publishTiny(data, worth(1)), await publishTiny(data, worth(2))]
    await publishTiny(data, worth(2))
    expect(await versions()).toEqual(names.toSorted())
  })

  it('goes back to the version before', async () => {
    const first = await publishTiny(data, worth(1))
    await publishTiny(data, worth(2))
    expect(await publishTiny(data, worth(1))).toBe(first)
    expect(await nation()).toBe(1)
  })

  it('mends a damaged file of the current version', async () => {
    const published = await publishTiny(data, worth(12))
    const path = join(data, 'versions', published, 'cells-commune.parquet')
    await writeFile(path, 'damage')
    await publishTiny(data, worth(12))
    expect(await nation()).toBe(12)
  })

  it('mends a damaged pointer', async () => {
    await publishTiny(data, worth(12))
    await writeFile(join(data, 'current'), 'damage')
    await publishTiny(data, worth(12))
    expect(await nation()).toBe(12)
  })

  it('clears what an interrupted build left, and leaves nothing of its own', async () => {
    // Twice: a first version, then the same one again.
    for (let time = 0; time < 2; time += 1) {
      await mkdir(join(data, 'versions', '.building-1'), { recursive: true })
      await writeFile(join(data, 'versions', '.building-1', 'cells-commune.parquet'), 'half')
      const published = await publishTiny(data, worth(12))
      expect(await versions()).toEqual([published])
      expect((await readdir(data)).toSorted()).toEqual(['current', 'versions'])
    }
  })

  it('leaves the old version serving when a build fails', async () => {
    const published = await publishTiny(data, worth(12))
    const failing = { ...worth(13), slices: [slice(0, [cell('nation:FR', 13)], {}, () => expect.fail('no sentence'))] }
    await expect(publishTiny(data, failing)).rejects.toThrow('no sentence')
    expect(await currentVersion(data)).toBe(published)
    expect(await nation()).toBe(12)
  })

  it('lists in the manifest every file of content with its size and hash, and no clock', async () => {
    const published = await publishTiny(data, worth(12))
    const text = await readFile(join(data, 'versions', published, 'manifest.json'), 'utf8')
    const { files } = JSON.parse(text) as { files: { name: string; bytes: number; sha256: string }[] }
    const all = await hashes(published)
    // These show times, and the feeds show them on every row.
    const beside = /^((manifest|retrieved|history|versions|report|feeds)\.json|feed-.*)$/
    const content = Object.entries(all).filter(([name]) => !beside.test(name))
    expect(Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]))).toEqual(Object.fromEntries(content))
    expect(text).not.toContain('2026-01-02T03:04:05')
  })
})
