import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { atMost, spreadOf, written, type Figure, type Spread } from './kit/figure.ts'
import { environmentOf, REPOSITORY } from './kit/servers.ts'

export default {
  name: 'start',
  about: 'a second start, the store being there: from the spawn of `gateway/main.ts` to the first 200 of `/readyz`',
  async measure({ data, pace: { rounds } }) {
    const seconds = await secondsToStart(data, rounds)
    return [
      { what: 'second start', value: `${written(seconds)} s`, beside: '', ...atMost(3, seconds, ' s'), detail: '' },
    ]
  },
} satisfies Figure

/** How long the gateway takes to be ready, in seconds. */
export async function secondsToStart(data: string, rounds: number): Promise<Spread> {
  const seconds: number[] = []
  for (let round = 0; round < rounds; round += 1) seconds.push(await startOnce(data))
  return spreadOf(seconds)
}

async function startOnce(data: string): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn(process.execPath, ['gateway/main.ts', '--port', `${port}`], {
    cwd: REPOSITORY,
    env: environmentOf(data),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return (performance.now() - started) / 1000
  } finally {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  }
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  )

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
