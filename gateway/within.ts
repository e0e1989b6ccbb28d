/**
 * Runs a call until it settles, the time is up or `outer` is aborted, whichever comes first. In the last two cases the promise rejects,
 * and the call's own signal is aborted.
 */
export async function within<T>(
  ms: number,
  late: () => Error,
  call: (signal: AbortSignal) => T | Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  outer?.throwIfAborted()
  const controller = new AbortController()
  const settled = call(controller.signal)
  // What is there already needs no clock.
  if (!(settled instanceof Promise)) return settled
  const { promise: timeUp, reject } = Promise.withResolvers<never>()
  const stop = (reason: unknown) => {
    reject(reason)
    controller.abort(reason)
  }
  const timer = setTimeout(() => stop(late()), ms)
  const abandon = () => stop(outer?.reason)
  outer?.addEventListener('abort', abandon)
  try {
    return await Promise.race([settled, timeUp])
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', abandon)
  }
}
