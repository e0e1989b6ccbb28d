import { describe, expect, it } from 'vitest'
import { Held } from '../../../core/store/held.ts'
import { NotHeld, readAll, whenHeld } from '../../../core/store/notHeld.ts'

/** Something held, with what was fetched for it. */
function holding({ room = 100 } = {}) {
  const fetched: (readonly number[])[] = []
  let failure: Error | undefined
  const held = new Held<{ readonly key: number }>({
    async fetch(keys) {
      fetched.push(keys)
      if (failure !== undefined) throw failure
      return keys.map((key) => ({ key }))
    },
    room,
    sizeOf: () => 1,
  })
  const read = <Value>(get: () => Value): Promise<Value> => {
    try {
      return Promise.resolve(get())
    } catch (error) {
      if (!(error instanceof NotHeld)) throw error
      return whenHeld(error, get, () => 'a test')
    }
  }
  return { held, fetched, read, fail: (error: Error | undefined) => void (failure = error) }
}

describe('what is held', () => {
  it('is fetched once, with all else that is asked for in the same moment', async () => {
    const { held, fetched, read } = holding()
    const all = await Promise.all([3, 1, 3, 2].map((key) => read(() => held.get(key))))
    expect(all.map(({ key }) => key)).toEqual([3, 1, 3, 2])
    expect(fetched).toEqual([[3, 1, 2]])
    expect(held.get(1)).toEqual({ key: 1 })
  })

  it('is announced, so that what is read one after the other comes together', async () => {
    const { held, fetched, read } = holding()
    await read(() => {
      held.need([1, 2, 3])
      return [held.get(1), held.get(2), held.get(3)]
    })
    expect(fetched).toEqual([[1, 2, 3]])
  })

  it('comes in one round for a list of which each entry is read by itself', async () => {
    const { held, fetched, read } = holding({ room: 2 })
    const all = await read(() => readAll([1, 2, 3, 4], (key) => held.get(key)))
    expect(all.map(({ key }) => key)).toEqual([1, 2, 3, 4])
    expect(fetched).toEqual([[1, 2, 3, 4]])
  })

  it('is not waited for beyond the time of the question, in all its rounds together', async () => {
    const begun = performance.now()
    const until = begun + 60
    let rounds = 0
    const get = (): never => {
      rounds += 1
      throw new NotHeld(new Promise((resolve) => setTimeout(resolve, 25)), () => {})
    }
    const first = new NotHeld(Promise.resolve(), () => {})
    await expect(whenHeld(first, get, () => 'cells of a test', until)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      facts: { on: 'cells of a test' },
    })
    expect(rounds).toBeGreaterThan(1)
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('stays until who waits for it has read, however little room there is', async () => {
    const { held, fetched, read } = holding({ room: 2 })
    const keys = Array.from({ length: 50 }, (_, key) => key)
    const readers = keys.map((first) => read(() => keys.slice(first, first + 5).map((key) => held.get(key).key)))
    expect(await Promise.all(readers)).toEqual(keys.map((first) => keys.slice(first, first + 5)))
    // Five steps of each at most: what another still holds is not fetched again.
    expect(fetched.length).toBeLessThanOrEqual(6)
    expect(keys.filter((key) => held.find(key) !== undefined).length).toBeLessThanOrEqual(2)
  })

  it('fails for those who wait, and is fetched anew for who asks next', async () => {
    const { held, fetched, read, fail } = holding()
    fail(new Error('gone'))
    const both = await Promise.allSettled([read(() => held.get(1)), read(() => held.get(1))])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fail(undefined)
    expect(await read(() => held.get(1))).toEqual({ key: 1 })
    expect(fetched).toEqual([[1], [1]])
  })

  it('is asked for a bounded number of times by one that never ends', async () => {
    const { held, fetched, read } = holding()
    let next = 0
    await expect(read(() => held.get((next += 1)) && held.get((next += 1)))).rejects.toThrow(
      'a test still waits for what it reads after 20 rounds',
    )
    expect(fetched.length).toBeLessThan(25)
    expect(await held.all([2, 5])).toEqual([{ key: 2 }, { key: 5 }])
  })
})
