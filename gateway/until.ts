import { setTimeout as sleep } from 'node:timers/promises'

/** How often it is looked whether something is so, in milliseconds. */
const LOOK_MS = 20

/** Settles once something is so, or after so many milliseconds at most. */
export async function until(isSo: () => boolean, atMostMs = Infinity): Promise<void> {
  const end = performance.now() + atMostMs
  while (!isSo() && performance.now() < end) await sleep(LOOK_MS)
}
