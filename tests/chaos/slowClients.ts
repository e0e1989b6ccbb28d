import { connect, type Socket } from 'node:net'
import { fixtureStore } from '../fixtures/store.ts'
import { questionOf, startGateway, stop } from './gateways.ts'
import { during, load } from './load.ts'
import { aim, promise, type Scenario } from './scenario.ts'

/** A thousand clients that send a byte now and then. */
export const slowClients: Scenario = {
  name: 'slow-clients',
  what: '1,000 connections that send their headers a byte at a time, while others ask',
  async run(effort) {
    const gateway = await startGateway(await fixtureStore(), ['--workers', '1'])
    const ms = effort === 'QUICK' ? 3000 : 10_000
    let number = 0
    const ask = () =>
      load({
        url: gateway.url,
        next: (n) => questionOf('departement', (number += 3) + n),
        connections: 4,
        perSecond: 400,
        until: during(ms),
      })
    const sockets: Socket[] = []
    try {
      await ask()
      const control = await ask()
      await openSlowly(gateway.url, sockets, 1000)
      const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 500)
      const tried = await ask()
      clearInterval(drip)
      return [
        promise(
          'every other question is answered',
          `${tried.requests} questions beside ${sockets.length} slow clients`,
          [...control.failures, ...tried.failures],
        ),
        aim('p99 of the others beside a control', tried.percentile(0.99) / control.percentile(0.99), 2, ' ×'),
      ]
    } finally {
      for (const socket of sockets) socket.destroy()
      await stop(gateway)
    }
  },
}

async function openSlowly(url: string, sockets: Socket[], count: number): Promise<void> {
  const { hostname, port } = new URL(url)
  for (let opened = 0; opened < count; opened += 1) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    sockets.push(socket)
    await new Promise((resolve) => socket.once('connect', resolve).once('error', resolve))
    socket.write('POST /graphql HTTP/1.1\r\nhost: slow\r\nx-slow: ')
  }
}
