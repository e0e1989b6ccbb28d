import type { Socket } from 'node:net'
import { StratesError } from '../../core/observations/error.ts'
import type { FromWorker, ToWorker, WorkerReport } from './messages.ts'

/** The primary as a worker sees it. */
export interface Link {
  /** Tells the primary something; settles when it is sent, or when nobody is there to hear it. */
  send(message: FromWorker): Promise<void>
  /** How all workers fare, as the primary told within the last second. */
  workers(): readonly WorkerReport[]
  /** Why the newest data published elsewhere is not the store's, as the primary told within the last second. */
  problem(): StratesError | undefined
}

/** What a worker does when the primary says something, or dies. */
export interface LinkEvents {
  /** A connection comes with its socket, unless its client is gone already. */
  message(message: Exclude<ToWorker, { kind: 'workers' }>, socket: Socket | undefined): void
  end(): void
}

/** Connects a worker to the process that started it. */
export function connectPrimary({ message, end }: LinkEvents): Link {
  let workers: readonly WorkerReport[] = []
  let problem: StratesError | undefined
  process.on('message', (said: ToWorker, socket?: Socket) => {
    if (said.kind !== 'workers') return message(said, socket)
    workers = said.workers
    problem = said.problem && new StratesError(said.problem)
  })
  process.once('disconnect', end)
  // It may have died while this process read its program.
  if (!process.connected) end()
  return {
    async send(said) {
      if (!process.connected) return
      const { promise, resolve } = Promise.withResolvers<void>()
      process.send?.(said, undefined, undefined, () => resolve())
      await promise
    },
    workers: () => workers,
    problem: () => problem,
  }
}
