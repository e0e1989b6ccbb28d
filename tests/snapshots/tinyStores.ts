import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Version } from '../../pipeline/publish.ts'
import { cell, publishTiny, slice, version } from '../core/store/tinyStore.ts'

const made = new Map<number, Promise<{ readonly data: string; readonly name: string }>>()

/** What a tiny store holds in which the three owners of Rennes say the same number. */
export const holding = (value: number): Version => ({
  ...version([slice(0, [cell('commune:35238', value), cell('departement:35', value), cell('region:53', value)])]),
  feeds: false,
})

/** Makes that store the current version of a folder, as an ingest ends: by one rename. Each is really made once. */
export async function publishHere(data: string, value: number): Promise<string> {
  const known = made.get(value) ?? make(value)
  made.set(value, known)
  const { data: from, name } = await known
  await mkdir(join(data, 'versions'), { recursive: true })
  await cp(join(from, 'versions', name), join(data, 'versions', name), { recursive: true })
  await writeFile(join(data, '.current'), `${name}\n`)
  await rename(join(data, '.current'), join(data, 'current'))
  return name
}

async function make(value: number): Promise<{ readonly data: string; readonly name: string }> {
  const data = await mkdtemp(join(tmpdir(), 'strates-tiny-'))
  return { data, name: await publishTiny(data, holding(value)) }
}

/** Removes them, for `afterAll`. */
export async function forgetTinyStores(): Promise<void> {
  for (const one of made.values()) await rm((await one).data, { recursive: true, force: true })
  made.clear()
}
