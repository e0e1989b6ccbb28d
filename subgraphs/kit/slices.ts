import { setImmediate } from 'node:timers/promises'

/** Work that may be interrupted wherever it yields. */
export type Steps<Made> = Generator<void, Made, void>

/** How long others wait for one slice of the work, in milliseconds: less than anyone notices. */
const SLICE_MS = 8

/** Does all of it at once. */
export function atOnce<Made>(steps: Steps<Made>): Made {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** Does it a slice at a time; between two of them others get their turn. */
export async function inSlices<Made>(
  steps: Steps<Made>,
  { sliceMs = SLICE_MS, now = () => performance.now(), turn = setImmediate as () => Promise<unknown> } = {},
): Promise<Made> {
  let begun = now()
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    if (now() - begun < sliceMs) continue
    await turn()
    begun = now()
  }
}
