/** Looking for newer files from the command line. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SOURCES } from '../fixtures/store.ts'
import { cleanUp, ownStore, run, stateOf } from './program.ts'

let data: string
beforeAll(async () => {
  data = await ownStore()
})
afterAll(cleanUp)

describe('npm run ingest', () => {
  it('--check says what would change, writes nothing, and tells it by its code', async () => {
    const before = [await stateOf(data), await readdir(data), await readdir(join(data, 'sources'))]
    const check = (...given: readonly string[]) =>
      run('pipeline/main.ts', ['--check', ...given], { STRATES_DATA: data })
    const same = await check('--from', SOURCES)
    expect([same.code, same.stderr]).toEqual([0, ''])
    expect(same.stdout).toMatch(/^fr-en-ecoles-effectifs-nb_classes: unchanged$/m)

    expect((await check('--from', '/no/such/folder')).code).toBe(1)
    const misused = await check('--simulated')
    expect([misused.code, misused.stderr]).toEqual([2, expect.stringMatching(/INVALID_OPTION.*--check or --refresh/)])
    expect([await stateOf(data), await readdir(data), await readdir(join(data, 'sources'))]).toEqual(before)
  }, 60_000)

  it('--refresh asks what is due, publishes nothing that is not new, and asks nobody again before the time', async () => {
    const before = await stateOf(data)
    const look = (...given: readonly string[]) =>
      run('pipeline/main.ts', ['--refresh', ...given], { STRATES_DATA: data })
    const first = await look('--from', SOURCES)
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringMatching(/effectifs-nb_classes: UNCHANGED; next look 20/),
    ])
    const second = await look()
    expect([second.code, second.stdout]).toEqual([0, 'no source is due\n'])
    expect(await stateOf(data)).toEqual(before)
  }, 60_000)
})
