import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readWhole, type Remote } from '../../core/snapshots/remote.ts'
import { sha256Of, type ListedFile } from '../../core/snapshots/snapshot.ts'
import type { WritableRemote } from '../../pipeline/snapshots/writable.ts'

/** A kind of remote under test. `writer` puts what `reader` reads; for what is only read, another kind over the same files. */
export interface RemoteUnderTest {
  readonly reader: Remote
  readonly writer: WritableRemote
  /** Changes the bytes of a file there, behind the writer's back. */
  damage(key: string): Promise<void>
  close?(): Promise<void>
}

/** What every kind of remote does. */
export function remoteContract(kind: string, start: (folder: string) => Promise<RemoteUnderTest>): void {
  describe(`snapshots at ${kind}`, () => {
    let folder: string
    let under: RemoteUnderTest
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'strates-remote-'))
      under = await start(join(folder, 'remote'))
    })
    afterEach(async () => {
      await under.close?.()
      await rm(folder, { recursive: true, force: true })
    })

    const textOf = async (key: string) => {
      const found = await under.reader.open(key)
      return found === undefined || found === 'unchanged'
        ? found
        : Buffer.from((await readWhole(found, 1000)) ?? []).toString()
    }
    const tagOf = async (key: string) => {
      const found = await under.reader.open(key)
      if (found === undefined || found === 'unchanged') return undefined
      await readWhole(found, 1000)
      return found.tag
    }
    const put = async (key: string, text: string): Promise<ListedFile> => {
      const path = join(folder, 'own')
      await writeFile(path, text)
      const file = { name: 'own', bytes: Buffer.byteLength(text), sha256: sha256Of(text) }
      await under.writer.put(key, path, file)
      return file
    }

    it('are none before anything was put there', async () => {
      expect([await textOf('current.json'), await textOf('versions/a/b.json')]).toEqual([undefined, undefined])
    })

    it('are read as they were put, and known to be whole or not', async () => {
      const file = await put('versions/a/ete.json', 'les élèves')
      expect(await textOf('versions/a/ete.json')).toBe('les élèves')
      expect(await under.writer.has('versions/a/ete.json', file)).toBe(true)
      expect(await under.writer.has('versions/a/other.json', file)).toBe(false)
      expect(await under.writer.has('versions/a/ete.json', { ...file, sha256: sha256Of('x') })).toBe(false)
      expect(await under.writer.has('versions/a/ete.json', { ...file, bytes: 3 })).toBe(false)
    })

    it('are not sent again to who has them, and are once they change', async () => {
      expect(await under.writer.replace('current.json', 'one', undefined)).toBe('done')
      const tag = await tagOf('current.json')
      expect(tag).toBeDefined()
      expect(await under.reader.open('current.json', { tag })).toBe('unchanged')
      await new Promise((resolve) => setTimeout(resolve, 5))
      await under.writer.replace('current.json', 'two', await writerTag())
      expect(await textOf('current.json')).toBe('two')
      expect(await under.reader.open('current.json', { tag })).not.toBe('unchanged')
    })

    it('are replaced by one of two publishers, and the other is told', async () => {
      expect(await under.writer.replace('current.json', 'one', undefined)).toBe('done')
      expect(await under.writer.replace('current.json', 'two', undefined)).toBe('crossed')
      const tag = await writerTag()
      const outcomes = await Promise.all(
        ['three', 'four!'].map((text) => under.writer.replace('current.json', text, tag)),
      )
      expect(outcomes.toSorted()).toEqual(['crossed', 'done'])
      expect(['three', 'four!']).toContain(await textOf('current.json'))
    })

    it('can be removed, also when they are gone', async () => {
      await put('versions/a/b.json', '{}')
      await under.writer.remove('versions/a/b.json')
      await under.writer.remove('versions/a/b.json')
      expect(await textOf('versions/a/b.json')).toBeUndefined()
    })

    it('are not taken for whole when they were damaged', async () => {
      const file = await put('versions/a/b.json', 'content')
      await under.damage('versions/a/b.json')
      const isWhole = await under.writer.has('versions/a/b.json', file)
      expect(isWhole && (await textOf('versions/a/b.json')) === 'content').toBe(false)
    })

    async function writerTag(): Promise<string | undefined> {
      const found = await under.writer.open('current.json')
      if (found === undefined || found === 'unchanged') return undefined
      await readWhole(found, 1000)
      return found.tag
    }
  })
}
