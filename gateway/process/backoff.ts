/** So many deaths within {@link WINDOW_MS} are a crash loop. */
const LOOP = 5
const WINDOW_MS = 30_000
const LONGEST_MS = 10_000

/**
 * Counts the deaths of workers, and says how many milliseconds to wait before the next is started: none, unless they die one
 * after another; then 1, 2, 4, 8 and at most 10 seconds. `now`: milliseconds of a clock that only goes forward.
 */
export function createBackoff(now: () => number): () => number {
  let deaths: number[] = []
  return () => {
    const at = now()
    deaths = [...deaths.filter((death) => at - death < WINDOW_MS), at]
    return deaths.length < LOOP ? 0 : Math.min(LONGEST_MS, 1000 * 2 ** (deaths.length - LOOP))
  }
}
