import { fixtureStore } from '../fixtures/store.ts'
import { startFakeRedis, type FakeRedis } from '../gateway/fakeRedis.ts'
import { questionOf, startGateway, stop } from './gateways.ts'
import { during, load } from './load.ts'
import { promise, aim, type Scenario } from './scenario.ts'

/** The shared cache goes, is slow, and comes back. */
export const redis: Scenario = {
  name: 'redis',
  what: 'what speaks Redis’s protocol is there, silent, gone and back while others ask',
  async run(effort) {
    const ms = effort === 'QUICK' ? 2000 : 8000
    let fake: FakeRedis = await startFakeRedis()
    const port = Number(new URL(fake.url).port)
    const gateway = await startGateway(await fixtureStore(), ['--workers', '1'], { REDIS_URL: fake.url })
    let number = 0
    const ask = () =>
      load({
        url: gateway.url,
        next: (n) => questionOf('departement', (number += 3) + n),
        connections: 4,
        perSecond: 200,
        until: during(ms),
      })
    const failures: string[] = []
    try {
      await ask()
      const there = await ask()
      fake.delay = Infinity
      const silent = await ask()
      await fake.close()
      const gone = await ask()
      fake = await startFakeRedis(port)
      const back = await ask()
      for (const one of [there, silent, gone, back]) failures.push(...one.failures)
      const added = Math.max(silent.percentile(0.99), gone.percentile(0.99)) - there.percentile(0.99)
      return [
        promise(
          'no client sees an error',
          `${there.requests + silent.requests + gone.requests + back.requests} questions`,
          failures,
        ),
        aim('time added at p99', added, 50, ' ms'),
      ]
    } finally {
      await stop(gateway)
      await fake.close()
    }
  },
}
