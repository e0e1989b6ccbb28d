/** The gateway over the fixture store, behind a port of this machine, and what clients sent it. */
import { createClient, type Client, type ClientOptions } from '../../clients/typescript/src/index.ts'
import type { AppRequest, AppResponse } from '../../gateway/http/message.ts'
import { createEngine } from '../../gateway/engine.ts'
import { listen } from '../../gateway/serve.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { readSupergraph, startOver, subgraphsOver } from '../federation/federation.ts'
import { openFixtureStore } from '../fixtures/store.ts'

/** Answers are only kept, and have tags, where the data has a version. */
export const VERSION = 'fixture'

/** A service to ask over HTTP. */
export interface Service {
  readonly url: string
  /** The requests since the last time it was asked for, with their answers. */
  seen(): readonly { readonly request: AppRequest; readonly response: AppResponse }[]
  close(): Promise<void>
}

/** Starts it. */
export async function startService(): Promise<Service> {
  const subgraphs = subgraphsOver(await openFixtureStore())
  const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])), VERSION)
  const federation = await startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
  let exchanges: { request: AppRequest; response: AppResponse }[] = []
  const handle = async (request: AppRequest): Promise<AppResponse> => {
    const response = await federation.app.handle(request)
    exchanges.push({ request, response })
    return response
  }
  const server = await listen({ app: { handle }, port: 0 })
  return {
    url: server.url,
    seen() {
      const seen = exchanges
      exchanges = []
      return seen
    },
    async close() {
      await server.close(0)
      await federation.close()
    },
  }
}

/** A client of answers given one after another, which waits without waiting. */
export function clientOf(
  answers: readonly (Response | Error)[],
  options: Partial<ClientOptions> = {},
): { readonly client: Client; readonly waits: number[]; readonly sent: { url: string; init: RequestInit }[] } {
  const waits: number[] = []
  const sent: { url: string; init: RequestInit }[] = []
  const left = [...answers]
  const client = createClient({
    url: 'http://strates.test',
    random: () => 0,
    async wait(ms) {
      waits.push(ms)
    },
    async fetch(input, init = {}) {
      sent.push({ url: String(input), init })
      const next = left.shift()
      if (next === undefined) throw new Error('nothing more to answer')
      if (next instanceof Error) throw next
      return next
    },
    ...options,
  })
  return { client, waits, sent }
}
