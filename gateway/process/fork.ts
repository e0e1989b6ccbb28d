import { fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { environmentFor } from '../../core/environment.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** A worker as the primary sees it. */
export interface WorkerProcess {
  readonly pid: number
  /** Tells it something, with a connection where the message is about one. A process that is gone hears nothing. */
  send(message: ToWorker, socket?: Socket): void
  /** Ends it at once, whatever it does. */
  kill(): void
}

/** What the primary learns of a worker. */
export interface WorkerEvents {
  message(message: FromWorker): void
  /** It is gone, and all that it said has been heard. `how`: by which signal, or with which code. */
  end(how: string): void
}

/** Starts a worker. */
export type Fork = (events: WorkerEvents) => WorkerProcess

const PROGRAM = join(import.meta.dirname, 'worker.ts')

/**
 * Where Node keeps what it compiled, so that the next start takes half a second of processor time less. Beside the code that it is
 * made of: who may write there may change the code as well. Where nobody may, nothing is kept.
 */
const COMPILED = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'strates')

/** Starts workers with these arguments, each a process of its own. */
export const forkWith =
  (given: readonly string[]): Fork =>
  ({ message, end }) => {
    const child = fork(PROGRAM, given, { env: environmentFor({ compiled: COMPILED }) })
    child.on('message', (said: object) => {
      if ('kind' in said) message(said as FromWorker)
      // What `node --watch` needs to know of the files that a worker imports.
      else process.send?.(said)
    })
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => end(signal ?? `code ${code}`))
    return {
      pid: child.pid ?? 0,
      send(said, socket) {
        // The connection stays open here until the worker says that it has it.
        if (child.connected) child.send(said, socket, { keepOpen: true }, () => {})
      },
      kill: () => void child.kill('SIGKILL'),
    }
  }
