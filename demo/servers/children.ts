import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** How long a child may take to end by itself, in milliseconds. */
const GRACE = 10_000

const running = new Set<ChildProcess>()
// Whatever ends this process, an error that nobody expected included, leaves no child behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** From now on, the child ends with this process at the latest. */
export function own<Child extends ChildProcess>(child: Child): Child {
  running.add(child)
  child.once('exit', () => running.delete(child)).once('error', () => running.delete(child))
  return child
}

/** Ends a child, and waits until it is gone: with a signal, and for one that does not obey, with SIGKILL. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE)
  await ended
  clearTimeout(timer)
}

/** Ends every child that still runs. */
export const endAll = async (): Promise<void> => {
  await Promise.all([...running].map((child) => end(child, 'SIGINT')))
}
