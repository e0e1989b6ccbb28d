/** A clock that a test moves, in milliseconds; what is to happen later happens when it gets there. */
export function clock() {
  let ms = 0
  let planned: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => ms,
    later: (run: () => void, delay: number) => (delay > 0 ? void planned.push({ at: ms + delay, run }) : run()),
    pass(time: number) {
      ms += time
      const due = planned.filter(({ at }) => at <= ms)
      planned = planned.filter(({ at }) => at > ms)
      for (const { run } of due) run()
    },
  }
}
