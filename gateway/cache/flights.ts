/**
 * Calls under way, by key: who asks the same while one is under way waits for that one.
 * @returns a function that starts a call, or joins the one under way. `joined` says which.
 */
export function createFlights<Result>(): (
  key: string,
  start: () => Promise<Result>,
) => { readonly result: Promise<Result>; readonly joined: boolean } {
  const underWay = new Map<string, Promise<Result>>()
  return (key, start) => {
    const before = underWay.get(key)
    if (before) return { result: before, joined: true }
    const result = start().finally(() => underWay.delete(key))
    underWay.set(key, result)
    return { result, joined: false }
  }
}
