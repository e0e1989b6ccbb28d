import { fixtureStore } from '../fixtures/store.ts'
import type { Program } from '../process/program.ts'
import { questionOf, startGateway, stop } from './gateways.ts'
import { during, load } from './load.ts'
import { promise, type Scenario } from './scenario.ts'

/** Restarts, and workers killed, under load. */
export const restarts: Scenario = {
  name: 'restarts',
  what: 'a rolling restart (SIGHUP), again and again, while 8 connections ask two workers',
  async run(effort) {
    const times = effort === 'QUICK' ? 1 : 5
    const gateway = await startGateway(await fixtureStore(), ['--workers', '2'])
    try {
      const done = restarting(gateway.program, times)
      const { requests, failures } = await load({
        url: gateway.url,
        next: (n) => questionOf('departement', n),
        connections: 8,
        perSecond: 300,
        until: done,
      })
      await done
      return [promise('no request fails', `${times} rolling restarts, ${requests} requests`, failures)]
    } finally {
      await stop(gateway)
    }
  },
}

async function restarting(program: Program, times: number): Promise<void> {
  await during(1000)
  for (let time = 0; time < times; time += 1) {
    program.send('SIGHUP')
    await during(15_000)
  }
}
