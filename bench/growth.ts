import { openStore } from '../core/store/open.ts'
import { pointOf } from './kit/documents.ts'
import { atMost, spreadOf, written, type Bench, type Figure, type Row } from './kit/figure.ts'
import { load } from './kit/load.ts'
import { multiplyStore } from './kit/multiply.ts'
import { post, targetOf } from './kit/question.ts'
import type { Usage } from './kit/servers.ts'
import { secondsToStart } from './start.ts'

/** The factors by which the slices of the store are multiplied. */
const FACTORS = [1, 4, 16]

export default {
  name: 'growth',
  about: 'memory after load and a garbage collection, and the second start, as the periods held are multiplied',
  async measure(bench) {
    const rows: Row[] = []
    for (const factor of FACTORS) {
      const { data, cells } = await multiplied(bench, factor, ['cells', 'parts'])
      const { rss, heapUsed, external } = await memoryOf(bench, data)
      const seconds = await secondsToStart(data, Math.min(3, bench.pace.rounds))
      rows.push({
        what: `data × ${factor}: second start`,
        value: `${written(seconds)} s`,
        beside: '',
        ...(factor === 1 ? atMost(3, seconds, ' s') : { target: '' }),
        detail: `${millions(cells)} cells; RSS ${megabytes(rss)}, heap ${megabytes(heapUsed)}, typed arrays and buffers ${megabytes(external)}`,
      })
    }
    return [...rows, await bytesOfCell(bench)]
  },
} satisfies Figure

async function bytesOfCell(bench: Bench): Promise<Row> {
  const { each, few, many } = await weighCells(bench)
  return {
    what: 'bytes for each cell that is held',
    value: each.toFixed(1),
    beside: '',
    ...atMost(32, spreadOf([each]), ' bytes'),
    detail: `${millions(many)} cells beside ${millions(few)}, heap and typed arrays`,
  }
}

/** What a cell takes, from two stores that differ in nothing but the number of cells: that of the bench, and one with sixteen times as many. */
export async function weighCells(
  bench: Bench,
): Promise<{ readonly each: number; readonly few: number; readonly many: number }> {
  const few = await multiplied(bench, 1, [])
  const many = await multiplied(bench, 16, ['cells'])
  const added = held(await memoryOf(bench, many.data)) - held(await memoryOf(bench, few.data))
  return { each: added / (many.cells - few.cells), few: few.cells, many: many.cells }
}

async function multiplied(bench: Bench, factor: number, files: readonly ('cells' | 'parts')[]) {
  bench.say(`  data × ${factor}`)
  return await multiplyStore(bench.data, await bench.temporary(), factor, files)
}

/** What a gateway holds after some questions. Its process ends with the bench; nobody asks it again. */
async function memoryOf({ servers, pace }: Bench, data: string): Promise<Usage> {
  const { query, cases } = pointOf(await openStore(data, []))
  const server = await servers.get({ side: 'gateway', data, cache: 'off' })
  await load(
    targetOf(
      server,
      cases.map((variables) => post({ query, variables })),
    ),
    pace.warmUpSeconds,
  )
  const usage = await server.usage('memory')
  await server.close()
  return usage
}

const held = ({ heapUsed, external }: Usage): number => heapUsed + external
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M`
