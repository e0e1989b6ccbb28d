import { expect, it } from 'vitest'
import { atOnce, inSlices, type Steps } from '../../subgraphs/kit/slices.ts'

function* counting(to: number, each: () => void = () => {}): Steps<number> {
  for (let count = 0; count < to; count += 1) {
    each()
    yield
  }
  return to
}

it('is done at once, or a slice at a time with turns for others between, and comes to the same', async () => {
  let time = 0
  let turns = 0
  const made = await inSlices(
    counting(20, () => (time += 3)),
    { sliceMs: 8, now: () => time, turn: async () => void (turns += 1) },
  )
  expect([made, atOnce(counting(20))]).toEqual([20, 20])
  // Three steps of 3 ms are more than 8.
  expect(turns).toBe(6)
})
