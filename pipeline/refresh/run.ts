import { resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Origin } from '../../core/observations/refresh.ts'
import { readRefresh } from '../../core/store/refresh.ts'
import type { FoundDescriptor } from '../descriptors.ts'
import { createCogSource, readEmbeddedCog, type EmbeddedCog } from '../sources/cog.ts'
import { createFolderSource } from '../sources/folder.ts'
import { createPortalSource } from '../sources/portal.ts'
import { createProgress } from '../sources/progress.ts'
import type { Source } from '../sources/source.ts'
import { refresh, type RefreshInput } from './refresh.ts'
import { rehearse, renderForecasts, verdictOf } from './rehearse.ts'

/** What a look is asked on the command line. */
export interface LookOptions {
  readonly data: string
  readonly descriptors: readonly FoundDescriptor[]
  /** A folder to look into, where it is not where the store came from. */
  readonly from: string | undefined
  readonly say: (line: string) => void
}

/** Looks at the sources that are due. @returns whether something failed or was refused. */
export const runRefresh = (options: LookOptions): Promise<boolean> =>
  withInput(options, async (input) => {
    const { looks, published } = await refresh(input)
    for (const { dataset, outcome, problem, nextAt } of looks)
      options.say(
        `${dataset}: ${outcome}${problem ? `, ${problem.code}: ${problem.message}` : ''}; next look ${nextAt}`,
      )
    if (looks.length === 0) options.say('no source is due')
    if (published !== undefined) options.say(`published version ${published} in ${options.data}`)
    return looks.some(({ problem }) => problem !== null)
  })

/** Says what a look would do at all sources. */
export const runCheck = (options: LookOptions): Promise<ReturnType<typeof verdictOf>> =>
  withInput(options, async (input) => {
    const forecasts = await rehearse(input)
    for (const line of renderForecasts(forecasts)) options.say(line)
    return verdictOf(forecasts)
  })

async function withInput<Result>(
  { data, descriptors, from, say }: LookOptions,
  work: (input: RefreshInput) => Promise<Result>,
): Promise<Result> {
  const origin: Origin | undefined = from === undefined ? undefined : { kind: 'folder', folder: resolve(from) }
  const place = origin ?? (await readRefresh(data))?.origin ?? { kind: 'portal' }
  const source = place.kind === 'folder' ? createFolderSource(place.folder) : createPortalSource()
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  let known: EmbeddedCog | undefined
  const cog = () => (known ??= readEmbeddedCog())
  const embedded: Source = {
    name: 'embedded',
    fetch: (request, target) => createCogSource(connection, cog().vintages).fetch(request, target),
  }
  try {
    return await work({ data, cog, descriptors, source, embedded, origin, progress: createProgress(), tell: say })
  } finally {
    await source.close?.()
    connection.closeSync()
    instance.closeSync()
  }
}
