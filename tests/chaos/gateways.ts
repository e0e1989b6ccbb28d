import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { readSupergraph } from '../federation/federation.ts'
import { ownFolder, start, type Program } from '../process/program.ts'
import type { Question } from './load.ts'

/** Nobody is limited here: what is tried is something else. */
const OPEN = { STRATES_RATE_LIMIT: '0', LOG_LEVEL: 'error' }

/** A gateway that runs, and where. */
export interface RunningGateway {
  readonly program: Program
  readonly url: string
}

/** `npm start` over a store. */
export async function startGateway(
  data: string,
  given: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const program = start('gateway/main.ts', ['--port', '0', ...given], { ...OPEN, STRATES_DATA: data, ...env })
  const [, url = ''] = await program.says(/is ready on (http:\S+)/)
  return { program, url }
}

/** A gateway over five subgraphs, each at the address given. */
export async function startRemoteGateway(
  urls: Readonly<Record<OwnerName, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const sdl = (await readSupergraph()).replace(
    /(@join__graph\(name: "(\w+)", url: )"[^"]*"/g,
    (_, before: string, name: OwnerName) => `${before}"${urls[name]}"`,
  )
  const data = await ownFolder()
  const file = join(data, 'supergraph.graphql')
  await writeFile(file, sdl)
  const program = start('gateway/main.ts', ['--supergraph', file, '--port', '0', '--workers', '1'], {
    ...OPEN,
    STRATES_DATA: data,
    ...env,
  })
  const [, url = ''] = await program.says(/is ready on (http:\S+)/)
  return { program, url }
}

/** The five subgraphs, each in a process of its own. */
export async function startSubgraphs(data: string): Promise<Readonly<Record<OwnerName, string>>> {
  const urls = await Promise.all(
    OWNERS.map(async (name) => {
      const program = start('subgraphs/main.ts', [name, '--port', '0'], { STRATES_DATA: data })
      const [, url = ''] = await program.says(/subgraph \w+ on (http:[^\s,]+)/)
      return [name, url] as const
    }),
  )
  return Object.fromEntries(urls) as Record<OwnerName, string>
}

/** Ends a gateway as its operator would. */
export async function stop({ program }: RunningGateway): Promise<void> {
  program.send('SIGTERM')
  await program.ended
}

/** A question of one owner alone, which has a thousand answers: it is seldom answered from memory. */
export function questionOf(owner: 'epci' | 'departement', number: number): Question {
  const first = 1 + (number % 997)
  return owner === 'epci'
    ? {
        query: 'query ($first: Int) { epci(siren: "243500139") { name members(first: $first) { totalCount } } }',
        variables: { first },
        check: ({ body }) =>
          body?.data?.epci?.members?.totalCount > 0 ? undefined : `no members: ${JSON.stringify(body)}`,
      }
    : {
        query: 'query ($first: Int) { departement(code: "35") { name communes(first: $first) { totalCount } } }',
        variables: { first },
        check: ({ body }) =>
          body?.data?.departement?.communes?.totalCount > 0 ? undefined : `no communes: ${JSON.stringify(body)}`,
      }
}
