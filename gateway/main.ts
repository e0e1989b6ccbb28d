import { join } from 'node:path'
import { readEnvironment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { createLog } from './log.ts'
import { ReuseFile } from './metrics/reuse.ts'
import { needStore } from './process/buildStore.ts'
import { greeting } from './process/greeting.ts'
import { asksHelp, readOptions, USAGE } from './process/options.ts'
import { startService } from './process/primary.ts'
import { obeySignals } from './process/signals.ts'

/**
 * `npm start`: the store, and workers that each run the five subgraphs and the gateway. `npm run gateway`: workers that run the
 * gateway alone. This process is the primary: it starts the workers, hands them connections and watches them.
 */
async function main(): Promise<void> {
  const started = performance.now()
  const written = process.argv.slice(2)
  if (asksHelp(written)) return void process.stdout.write(`${USAGE}\n`)
  const { ingest, supergraph, ...options } = readOptions(written)
  const environment = readEnvironment()
  const { dataFolder, host, rateLimit } = environment
  const { port = environment.port, workers = environment.workers } = options
  const log = createLog(environment.logLevel)
  if (supergraph === undefined) await needStore(dataFolder, ingest)
  const given = supergraph === undefined ? [] : ['--supergraph', supergraph]
  const reuse = new ReuseFile({ folder: join(dataFolder, 'reuse'), log })
  const service = await startService({ host, port, workers, given, rateLimit, reuse, log })
  process.stdout.write(greeting(service, (performance.now() - started) / 1000))
  obeySignals(service, log)
}

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? 2 : 1
})
