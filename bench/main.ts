/** `npm run bench [-- --from DIR | --data DIR] [--quick] [--only NAME]`: the gateway beside what it could be held against. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import capacity from './capacity/figure.ts'
import exportFigure from './export.ts'
import growth from './growth.ts'
import type { Bench, Figure, Row } from './kit/figure.ts'
import type { Pace } from './kit/load.ts'
import { factsOf, writeReport } from './kit/report.ts'
import { createServers, environmentOf, REPOSITORY } from './kit/servers.ts'
import list from './list.ts'
import point from './point.ts'
import resolve from './resolve.ts'
import start from './start.ts'
import stock from './stock.ts'
import total from './total.ts'
import typeahead from './typeahead.ts'

const FIGURES: readonly Figure[] = [point, list, total, exportFigure, typeahead, stock, start, growth, resolve]

/** What is measured only when asked by its name: it has a page of its own. */
const APART: readonly Figure[] = [capacity]

const USUAL: Pace = { rounds: 5, seconds: 5, warmUpSeconds: 4 }
const QUICK: Pace = { rounds: 3, seconds: 2, warmUpSeconds: 2 }

/** The ingest published, but had to leave a dataset out. */
const PUBLISHED_INCOMPLETE = 3

const { values: given } = parseArgs({
  // A store that is there already, which is only read, is measured instead of one that is built.
  options: {
    from: { type: 'string' },
    data: { type: 'string' },
    quick: { type: 'boolean' },
    only: { type: 'string' },
  },
})
const known = [...FIGURES, ...APART]
const chosen = given.only === undefined ? FIGURES : known.filter(({ name }) => name === given.only)
if (chosen.length === 0) {
  console.error(
    `There is no figure ${given.only}. Write --only with one of ${known.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), 'strates-bench-'))
const servers = createServers()
try {
  const data = given.data ?? join(folder, 'store')
  if (given.data === undefined) await ingest(data)
  const pace = given.quick === true ? QUICK : USUAL
  const results = await measure({
    data,
    servers,
    pace,
    temporary: () => mkdtemp(join(folder, 'part-')),
    say: console.error,
  })
  if (given.only === undefined) await writeReport(results, await factsOf(data, pace))
} finally {
  await servers.close()
  await rm(folder, { recursive: true })
}

async function ingest(data: string): Promise<void> {
  const source = given.from === undefined ? ['--simulated'] : ['--from', given.from]
  console.error(`building a store (${source.join(' ')})`)
  const child = spawn(process.execPath, ['--max-old-space-size=2048', 'pipeline/main.ts', ...source], {
    cwd: REPOSITORY,
    env: environmentOf(data),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0 && code !== PUBLISHED_INCOMPLETE) throw new Error(`the ingest ended with ${String(code)}`)
}

async function measure(bench: Bench): Promise<ReadonlyMap<Figure, readonly Row[]>> {
  const results = new Map<Figure, readonly Row[]>()
  for (const figure of chosen) {
    bench.say(`${figure.name}: ${figure.about}`)
    const rows = await figure.measure(bench)
    for (const { what, value, beside, target, reached, detail } of rows) {
      const goal = target === '' ? '' : `, target ${target}${reached === true ? '' : ': short of the target'}`
      console.log(
        `  ${what}: ${value}${beside === '' ? '' : `, beside ${beside}`}${goal}${detail === '' ? '' : `  [${detail}]`}`,
      )
    }
    results.set(figure, rows)
  }
  return results
}
