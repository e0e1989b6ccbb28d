import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { MOST_WORKERS } from '../../core/environment.ts'
import { StratesError } from '../../core/observations/error.ts'

/** What the command line asks. */
export interface Options {
  /** Passed on to the ingest; asking for any of them but `--no-simulated` builds the store anew. */
  readonly ingest: readonly string[]
  /** A supergraph whose subgraphs answer over HTTP; without it the five run in each worker. */
  readonly supergraph: string | undefined
  readonly port: number | undefined
  /** How many processes answer. */
  readonly workers: number | undefined
  /** Whether newer files are looked for while it serves; undefined as the environment says. */
  readonly refresh: boolean | undefined
}

/** How the programs of this file are started. */
export const USAGE =
  'Write: npm start [-- --from DIR | --simulated | --no-simulated] [--boundaries DIR | --no-boundaries] [--refresh] [--port N] [--workers N], or: npm run gateway -- --supergraph FILE [--port N] [--workers N]'

/** Whether the command line asks only how it is written. */
export const asksHelp = (given: readonly string[]): boolean => given.includes('--help') || given.includes('-h')

/**
 * Reads the command line, and looks whether the folders are there: before anything is built.
 * @throws StratesError INVALID_OPTION naming what was written and what was expected.
 */
export function readOptions(given: readonly string[]): Options {
  const { from, simulated, 'no-simulated': refused, supergraph, port, workers, ...others } = parse(given)
  const { boundaries, 'no-boundaries': withoutBoundaries, refresh } = others
  const ingest = [
    ...(from === undefined ? [] : ['--from', from]),
    ...(simulated === true ? ['--simulated'] : []),
    ...(refused === true ? ['--no-simulated'] : []),
    ...(boundaries === undefined ? [] : ['--boundaries', boundaries]),
    ...(withoutBoundaries === true ? ['--no-boundaries'] : []),
  ]
  if (supergraph !== undefined && (ingest.length > 0 || refresh === true)) {
    throw misuse(
      'A gateway over HTTP has no store of its own',
      given.join(' '),
      '--supergraph without --from, --simulated, --boundaries or --refresh',
    )
  }
  refuseExclusive(given, { '--from': from, '--simulated': simulated, '--no-simulated': refused })
  refuseExclusive(given, { '--boundaries': boundaries, '--no-boundaries': withoutBoundaries })
  needFolder('--from', from)
  needFolder('--boundaries', boundaries)
  if (supergraph === '') throw misuse('An option has no value', '--supergraph', 'a file with a Federation 2 supergraph')
  return {
    ingest,
    supergraph,
    port: readNumber(port, [0, 65_535], 'This is no port', '--port'),
    refresh,
    workers: readNumber(workers, [1, MOST_WORKERS], 'This is no number of workers', '--workers'),
  }
}

/** The error of a program that was started in the wrong way. */
export const misuse = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  new StratesError({ code: 'INVALID_OPTION', what, on, expected, remedy: USAGE, cause })

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        from: { type: 'string' },
        simulated: { type: 'boolean' },
        'no-simulated': { type: 'boolean' },
        boundaries: { type: 'string' },
        'no-boundaries': { type: 'boolean' },
        supergraph: { type: 'string' },
        refresh: { type: 'boolean' },
        port: { type: 'string' },
        workers: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw misuse((error as Error).message.split(/\.\s/)[0] ?? 'Unknown option', given.join(' '), 'the options below')
  }
}

function refuseExclusive(
  given: readonly string[],
  options: Readonly<Record<string, string | boolean | undefined>>,
): void {
  const chosen = Object.values(options).filter((value) => value !== undefined)
  const expected = `one of ${Object.keys(options).join(', ')}`
  if (chosen.length > 1) throw misuse('These options exclude each other', given.join(' '), expected)
}

function needFolder(option: string, path: string | undefined): void {
  if (path === undefined) return
  if (path === '') throw misuse('An option has no value', option, 'the path of a folder')
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw misuse('There is no such folder', `${option} ${path}`, 'the path of a folder')
  if (!found.isDirectory()) throw misuse('This is no folder', `${option} ${path}`, 'the folder in which the file is')
}

function readNumber(
  text: string | undefined,
  [least, most]: readonly [number, number],
  what: string,
  option: string,
): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw misuse(what, `${option} ${text}`, `a number from ${least} to ${most}`)
}
