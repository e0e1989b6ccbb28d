import { openStore } from '../core/store/open.ts'
import { listOf, pointOf } from './kit/documents.ts'
import type { Figure, Row } from './kit/figure.ts'
import { interleave } from './kit/load.ts'
import { post, rowOf, targetOf } from './kit/question.ts'

/** What the gateway is held against should not be slow itself: beside Apollo Server as anyone starts it. */
export default {
  name: 'stock',
  about:
    'the one Apollo Server of the rows above beside `startStandaloneServer` with default settings, over the same schema',
  async measure({ servers, data, pace }) {
    const store = await openStore(data, [])
    const [ours, stock] = [
      await servers.get({ side: 'monolith', data, cache: 'off' }),
      await servers.get({ side: 'stock', data, cache: 'off' }),
    ]
    const rows: Row[] = []
    for (const [name, { query, cases }] of Object.entries({ point: pointOf(store), list: listOf(store) })) {
      const asked = cases.map((variables) => post({ query, variables }))
      const samples = await interleave({ ours: targetOf(ours, asked), stock: targetOf(stock, asked) }, pace)
      rows.push(
        rowOf(
          `${name}, one Apollo Server with our guards`,
          samples.ours,
          'stock Apollo Server',
          samples.stock,
          undefined,
        ),
      )
    }
    return rows
  },
} satisfies Figure
