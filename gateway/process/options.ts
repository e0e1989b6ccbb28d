import { parseArgs } from 'node:util'
import { MOST_WORKERS } from '../../core/environment.ts'
import { StratesError } from '../../core/observations/error.ts'

/** What the command line asks. */
export interface Options {
  /** Passed on to the ingest; asking for any of them builds the store anew. */
  readonly ingest: readonly string[]
  /** A supergraph whose subgraphs answer over HTTP; without it the five run in each worker. */
  readonly supergraph: string | undefined
  readonly port: number | undefined
  /** How many processes answer. */
  readonly workers: number | undefined
  /** Whether newer files are looked for while it serves; undefined as the environment says. */
  readonly refresh: boolean | undefined
}

const USAGE =
  'Write: npm start [-- --from DIR | --simulated | --no-simulated] [--boundaries DIR | --no-boundaries] [--refresh] [--port N] [--workers N], or: npm run gateway -- --supergraph FILE [--port N] [--workers N]'

/** Reads the command line. @throws StratesError INVALID_OPTION naming what was written and what was expected. */
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
