import { fixtureStore } from '../fixtures/store.ts'
import { readBombs } from '../gateway/bombs/measure.ts'
import { questionOf, startGateway, stop } from './gateways.ts'
import { during, load } from './load.ts'
import { aim, promise, type Scenario } from './scenario.ts'

/** Twenty bombs a second, while others ask. */
export const bombs: Scenario = {
  name: 'bombs',
  what: '20 documents a second that were made to take a gateway down, while others ask',
  async run(effort) {
    const gateway = await startGateway(await fixtureStore(), ['--workers', '1'])
    const documents = readBombs()
    const ms = effort === 'QUICK' ? 3000 : 10_000
    const rounds = effort === 'QUICK' ? 2 : 5
    const failures: string[] = []
    const figures: { control: number; tried: number }[] = []
    let refused = 0
    let number = 0
    const ask = (until: Promise<unknown>) =>
      load({
        url: gateway.url,
        next: (n) => questionOf('departement', (number += 3) + n),
        connections: 4,
        perSecond: 400,
        until,
      })
    const throwBombs = async (until: Promise<unknown>) => {
      const { requests, failures: wrong } = await load({
        url: gateway.url,
        connections: 4,
        perSecond: 20,
        until,
        next: (n) => ({
          body: documents[n % documents.length]!.body,
          check: ({ body }) => (body?.errors === undefined ? 'a bomb was answered' : undefined),
        }),
      })
      refused += requests
      failures.push(...wrong)
    }
    try {
      await ask(during(2000))
      for (let round = 0; round < rounds; round += 1) {
        const control = await ask(during(ms))
        const time = during(ms)
        const [tried] = await Promise.all([ask(time), throwBombs(time)])
        failures.push(...control.failures, ...tried.failures)
        figures.push({ control: control.percentile(0.99), tried: tried.percentile(0.99) })
      }
    } finally {
      await stop(gateway)
    }
    const ratios = figures.map(({ control, tried }) => tried / control).toSorted((left, right) => left - right)
    return [
      promise('each bomb is refused, every other question is answered', `${refused} bombs`, failures),
      aim(`p99 of a normal question beside a control, median of ${rounds}`, ratios[ratios.length >> 1]!, 1.2, ' ×'),
    ]
  },
}
