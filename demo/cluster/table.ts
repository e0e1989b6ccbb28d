import type { Step } from './step.ts'

const HEADERS = ['killed', 'requests', 'complete', 'partial', 'moved', 'failed', 'whole again after']

/** What stands above the lines. */
export const header = (): string => `${lineOf(HEADERS)}\n${lineOf(HEADERS.map((text) => '-'.repeat(text.length)))}`

/** One step, with what speaks against it below. */
export function line({ killed, tally, convergedMs, against }: Step): string {
  const { requests, complete, partial, moved, failed } = tally
  const counts = [requests, complete, partial, moved, failed.length].map(String)
  const whole = convergedMs === undefined ? 'never' : `${(convergedMs / 1000).toFixed(1)} s`
  return [lineOf([killed, ...counts, whole]), ...shown(against)].join('\n')
}

/** The last line: how many promises were kept, a step being one. */
export const summary = (kept: number, broken: number): string => `${kept} kept, ${broken} broken`

/** What speaks against a promise, the first of many. */
export function shown(against: readonly string[]): readonly string[] {
  const more = against.length > 3 ? [`  … and ${against.length - 3} more`] : []
  return [...against.slice(0, 3).map((text) => `  BROKEN ${text}`), ...more]
}

const lineOf = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(HEADERS[at]?.length ?? 0)))
    .join('  ')
    .trimEnd()
