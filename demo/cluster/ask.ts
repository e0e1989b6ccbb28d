import { Agent, request } from 'undici'

/** An answer as it came. */
export interface Reply {
  readonly status: number
  readonly body: Answer
}

/** What GraphQL says. */
export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly AnswerError[]
}

/** One error of an answer. */
export interface AnswerError {
  readonly message?: string
  /** Where in `data`. */
  readonly path?: Path
  readonly extensions?: { readonly code?: string; readonly subgraph?: string }
}

/** The names and numbers that lead to a place in an answer. */
export type Path = readonly (string | number)[]

/** Asks a gateway. Rejects where nobody answers. */
export type Ask = (gateway: string, query: string) => Promise<Reply>

/** Longer than a gateway may take to give up by itself. */
const PATIENCE_MS = 15_000

/** What asks gateways over connections that are kept. */
export function createAsk(): { readonly ask: Ask; close(): Promise<void> } {
  const dispatcher = new Agent({ pipelining: 1 })
  return {
    async ask(gateway, query) {
      const { statusCode: status, body } = await request(`${gateway}/graphql`, {
        method: 'POST',
        dispatcher,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      return { status, body: (await body.json()) as Answer }
    },
    close: () => dispatcher.destroy(),
  }
}
