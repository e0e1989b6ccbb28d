import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import type { Log } from '../log.ts'
import type { Service } from './primary.ts'

/** A terminal and npm each send the signal of one Ctrl-C: what comes again so soon, in milliseconds, is the same wish. */
const SAME_WISH_MS = 500

/**
 * SIGTERM and SIGINT end the service once what is in flight is finished; another one, at once. SIGHUP puts new workers in the
 * place of the old ones, or ends the service where it means that its terminal is gone.
 */
export function obeySignals(service: Service, log: Log): void {
  const hasTerminal = isTerminalThere()
  let askedAt: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end)
  process.on('SIGHUP', () => (hasTerminal && !isTerminalThere() ? end() : restart()))

  function end(): void {
    if (askedAt !== undefined && performance.now() - askedAt < SAME_WISH_MS) return
    const isAskedAgain = askedAt !== undefined
    askedAt = performance.now()
    void (isAskedAgain ? service.kill() : service.end()).then(() => process.exit(isAskedAgain ? 1 : 0))
  }

  function restart(): void {
    service.restart().catch((err: unknown) => log.error({ err }, 'no new worker can start: the old ones go on'))
  }
}

/**
 * Ends this process on SIGTERM and SIGINT while there is no service yet. Process 1 of a container gets no signal that it does not
 * handle, and would be killed only after the grace of its manager. Returns how to leave the signals to others.
 */
export function endOnSignals(): () => void {
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal])
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end)
  return () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, end)
  }
}

function isTerminalThere(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
