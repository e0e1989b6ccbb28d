import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { StratesError } from '../../core/observations/error.ts'

/** What the command line asks. */
export interface Options {
  /** The folder of official files that is published; unset, invented data for the whole country. */
  readonly from: string | undefined
  readonly pace: Pace
}

/** How hard the cluster is asked, and how long each part stays away. */
export interface Pace {
  readonly perSecond: number
  /** Milliseconds under load before a part is killed. */
  readonly beforeMs: number
  /** Milliseconds under load without it. */
  readonly withoutMs: number
}

const USUAL: Pace = { perSecond: 60, beforeMs: 2000, withoutMs: 8000 }
const QUICK: Pace = { perSecond: 30, beforeMs: 200, withoutMs: 1000 }

/** How the program is started. */
export const USAGE = 'Write: npm run demo:cluster [-- --from DIR] [--quick]'

/** Reads the command line. @throws StratesError INVALID_OPTION naming what was written and what was expected. */
export function readOptions(given: readonly string[]): Options {
  const { from, quick } = parse(given)
  if (from !== undefined && statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw misuse('There is no such folder', `--from ${from}`, 'the path of a folder')
  return { from, pace: quick === true ? QUICK : USUAL }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: { from: { type: 'string' }, quick: { type: 'boolean' } } }).values
  } catch (error) {
    throw misuse((error as Error).message.split(/\.\s/)[0] ?? 'Unknown option', given.join(' '), 'the options below')
  }
}

const misuse = (what: string, on: string, expected: string): StratesError =>
  new StratesError({ code: 'INVALID_OPTION', what, on, expected, remedy: USAGE })
