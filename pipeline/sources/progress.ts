/** Telling a person how a download goes: one redrawn bar on a terminal, plain lines in a log. */
import { clearLine, cursorTo } from 'node:readline'

/** Receives the life of each download. */
export interface Progress {
  /** A file starts; `total` in bytes where the server said it. */
  start(label: string, total?: number): FileProgress
}

/** Receives the life of one download. A download that starts over is a new `start`. */
export interface FileProgress {
  advance(bytes: number): void
  /** Says how it ended; without a word, that it is done. */
  end(outcome?: string): void
}

/** The little a progress needs of `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Tells nobody. */
export const silent: Progress = { start: () => ({ advance() {}, end() {} }) }

const redrawMs = 100
const reportMs = 10_000
const barWidth = 24

/** A bar where `stream` is a terminal; otherwise a line at the start, one every 10 seconds, and one at the end. */
export function createProgress(stream: ProgressStream = process.stderr, now: () => number = Date.now): Progress {
  return {
    start(label, total) {
      const started = now()
      let shown = started
      let received = 0
      const status = () =>
        `${label}  ${bar(stream, received, total)}${size(received)}${ofTotal(total)}  ${rate(received, now() - started)}`
      if (!stream.isTTY) stream.write(`${label}: started\n`)
      return {
        advance(bytes) {
          received += bytes
          if (now() - shown < (stream.isTTY ? redrawMs : reportMs)) return
          shown = now()
          show(stream, stream.isTTY ? status() : `${status()}\n`)
        },
        end(outcome = 'done') {
          const line = `${label}: ${outcome}, ${size(received)}, ${rate(received, now() - started)}\n`
          show(stream, line)
        },
      }
    },
  }
}

function show(stream: ProgressStream, text: string): void {
  if (stream.isTTY) {
    cursorTo(stream as NodeJS.WritableStream, 0)
    clearLine(stream as NodeJS.WritableStream, 0)
  }
  stream.write(text)
}

function bar(stream: ProgressStream, received: number, total: number | undefined): string {
  if (!stream.isTTY || !total) return ''
  const full = Math.round(Math.min(1, received / total) * barWidth)
  return `[${'█'.repeat(full)}${' '.repeat(barWidth - full)}]  `
}

function size(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function ofTotal(total: number | undefined): string {
  return total ? ` of ${size(total)}` : ''
}

function rate(bytes: number, ms: number): string {
  return `${size((bytes * 1000) / Math.max(ms, 1))}/s`
}
