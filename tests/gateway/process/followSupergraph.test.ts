import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  firstSupergraph,
  followSupergraph,
  type FollowedSupergraph,
  type FollowEvent,
} from '../../../gateway/process/followSupergraph.ts'
import { SUPERGRAPH } from '../fixture.ts'

const OTHER = `${SUPERGRAPH}# another\n`

let folder: string
let path: string
let followed: FollowedSupergraph
let events: FollowEvent[]
let served: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-follow-'))
  path = join(folder, 'supergraph.graphql')
  events = []
  served = []
  await writeFile(path, SUPERGRAPH)
})
afterEach(async () => {
  followed?.close()
  await rm(folder, { recursive: true, force: true })
})

async function follow(kept?: string) {
  const first = await firstSupergraph(path, kept)
  const take = async (sdl: string) => {
    if (sdl.includes('no address')) throw new Error('it has no address')
    served.push(sdl)
  }
  followed = followSupergraph({ path, first, take, report: (event) => events.push(event), everyMs: 3_600_000 })
}

/** As often as it takes to be sure that who writes is done. */
async function look() {
  await followed.refresh()
  await followed.refresh()
}

describe('the supergraph in a file', () => {
  it('is taken once whoever writes it is done, and once only', async () => {
    await follow()
    await look()
    expect(served).toEqual([])
    await writeFile(path, OTHER)
    await followed.refresh()
    expect(served).toEqual([])
    await look()
    await look()
    expect(served).toEqual([OTHER])
    expect(followed.current()).toBe(OTHER)
    expect(events).toEqual([{ kind: 'TAKEN', sdl: OTHER, before: SUPERGRAPH }])
  })

  it.each([
    ['does not parse', () => writeFile(path, 'type Query {'), /does not parse/],
    ['names no subgraphs', () => writeFile(path, 'type Query { a: Int }'), /names no subgraphs/],
    ['cannot be served', () => writeFile(path, `${SUPERGRAPH}# no address\n`), /no address/],
    ['is gone', () => rm(path), /cannot be read/],
  ])('stays as it was where the file %s, and says so once', async (_, damage, problem) => {
    await follow()
    await damage()
    await look()
    await look()
    expect(served).toEqual([])
    expect(followed.current()).toBe(SUPERGRAPH)
    expect(followed.problem()).toMatchObject({ code: 'CONFIGURATION_INVALID', message: expect.stringMatching(problem) })
    expect(events).toEqual([{ kind: 'REFUSED', error: followed.problem() }])

    await writeFile(path, OTHER)
    await look()
    expect(followed.problem()).toBeUndefined()
    expect(served).toEqual([OTHER])
  })

  it('has no problem any more once the one that is served is put back', async () => {
    await follow()
    await writeFile(path, '')
    await look()
    await writeFile(path, SUPERGRAPH)
    await look()
    expect(followed.problem()).toBeUndefined()
    expect(served).toEqual([])
  })

  it('is not what a worker begins with that takes the place of another: that is what the others serve', async () => {
    await writeFile(path, 'type {')
    await expect(follow()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
    await follow(OTHER)
    expect(followed.current()).toBe(OTHER)
    await look()
    expect(followed.problem()).toMatchObject({ code: 'CONFIGURATION_INVALID' })
  })
})
