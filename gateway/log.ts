import { pino, type Logger } from 'pino'

/** What the gateway says to the people who run it. Lines are JSON, on the standard error. */
export type Log = Pick<Logger, LogLevel> & Partial<Pick<Logger, 'isLevelEnabled'>>

/** How grave a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** A log that writes lines of `level` and above (default `info`) to the standard error, one JSON object each. */
export function createLog(level = 'info'): Log {
  return pino({ level }, pino.destination(2))
}

/** A log that keeps nothing, for engines that nobody watches. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} }
