/** Clients that ask without pause over connections that they keep, and never ask again what failed. */
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the requests of a load. */
export interface Outcome {
  /** Requests answered with 200. */
  readonly answered: number
  /** Every other one: its error or its status, and whether its connection had been used before. */
  readonly failures: readonly string[]
  /** The longest that one took, in milliseconds. */
  readonly slowest: number
}

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const BODY = JSON.stringify({ query: '{ commune(code: "35238") { name population { value } } }' })

/** Asks once, by GET where there is no body. Without an agent over a connection of its own. */
export function ask(url: string, agent: Agent | false = false, body: string | null = BODY): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = { 'content-type': 'application/json' }
  const asked = request(url, { agent, method: body === null ? 'GET' : 'POST', headers }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.once('error', reject)
    response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
  })
  asked.once('error', (error) => reject(Object.assign(error, { reused: asked.reusedSocket })))
  asked.end(body ?? undefined)
  return promise
}

/** Starts a load. The clients wait for so many milliseconds after each answer, in turn. Stops after a minute in any case. */
export function startLoad(url: string, pauses: readonly number[]): { stop(): Promise<Outcome> } {
  let isOver = false
  const timer = setTimeout(() => (isOver = true), 60_000)
  const outcome = { answered: 0, failures: [] as string[], slowest: 0 }
  const clients = pauses.map(client)
  return {
    async stop() {
      isOver = true
      clearTimeout(timer)
      await Promise.all(clients)
      return outcome
    },
  }

  async function client(pause: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!isOver) {
      const started = performance.now()
      try {
        const { status, body } = await ask(`${url}/graphql`, agent)
        if (status === 200 && body.includes('Rennes')) outcome.answered += 1
        else outcome.failures.push(`${status} ${body}`)
      } catch (error) {
        const { code, reused } = error as { code?: string; reused?: boolean }
        outcome.failures.push(`${code} on a ${reused ? 'used' : 'new'} connection`)
      }
      outcome.slowest = Math.max(outcome.slowest, performance.now() - started)
      await sleep(pause)
    }
    agent.destroy()
  }
}
