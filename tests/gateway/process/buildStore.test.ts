import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { STORE_FORMAT } from '../../../core/store/manifest.ts'
import { isEnough } from '../../../gateway/process/buildStore.ts'

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

/** A store that holds nothing but what a manifest says of it; none at all without one. */
async function storeOf(manifest: string | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'strates-enough-'))
  folders.push(folder)
  if (manifest === undefined) return folder
  await mkdir(join(folder, 'versions', '0123456789abcdef'), { recursive: true })
  await writeFile(join(folder, 'versions', '0123456789abcdef', 'manifest.json'), manifest)
  await writeFile(join(folder, 'current'), '0123456789abcdef\n')
  return folder
}

describe('the store that stands', () => {
  it.each([
    ['official data', JSON.stringify({ format: STORE_FORMAT, simulated: false }), true, true],
    ['invented data', JSON.stringify({ format: STORE_FORMAT, simulated: true }), true, false],
    ['the layout of an older release', JSON.stringify({ format: STORE_FORMAT - 1, simulated: false }), true, false],
    ['a manifest that cannot be read', '{', true, false],
    ['nothing', undefined, false, false],
  ])('of %s is enough for who asks for nothing, or for no invented data', async (_, manifest, plain, official) => {
    const folder = await storeOf(manifest)
    expect(await isEnough(folder, [])).toBe(plain)
    expect(await isEnough(folder, ['--no-simulated'])).toBe(official)
    expect(await isEnough(folder, ['--from', 'folder'])).toBe(false)
    expect(await isEnough(folder, ['--no-simulated', '--no-boundaries'])).toBe(false)
  })
})
