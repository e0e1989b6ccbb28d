import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { App } from '../../../gateway/app.ts'

/** What a model gets of a call. */
export interface Called {
  readonly text: string
  readonly isError: boolean
  /** Whatever was asked for. */
  readonly structured: any
}

/** The SDK's own client, connected. */
export interface TestClient {
  readonly client: Client
  call(name: string, given?: Record<string, unknown>): Promise<Called>
  close(): Promise<void>
}

/** Connects the SDK's client over a transport of its own, and has it check each answer against its tool's schema. */
export async function connect(transport: unknown): Promise<TestClient> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(transport as Transport)
  await client.listTools()
  return {
    client,
    async call(name, given = {}) {
      const { content, isError = false, structuredContent } = await client.callTool({ name, arguments: given })
      const [first] = content as { text: string }[]
      return { text: first?.text ?? '', isError: isError === true, structured: structuredContent }
    },
    close: () => client.close(),
  }
}

/** Connects it to an app without a port, as a caller at an address or as one in this process. */
export const connectTo = (app: App, remoteAddress?: string): Promise<TestClient> =>
  connect(new StreamableHTTPClientTransport(new URL('http://gateway/mcp'), { fetch: fetchFrom(app, remoteAddress) }))

/** A `fetch` that asks an app. */
export function fetchFrom(app: App, remoteAddress?: string) {
  return async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { status, headers, body } = await app.handle({
      method: init.method ?? 'GET',
      url: new URL(url).pathname,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body != null && { body: String(init.body) }),
      ...(remoteAddress !== undefined && { remoteAddress }),
    })
    const hasBody = status !== 202 && status !== 204
    return new Response(hasBody ? Buffer.from(body as string) : null, { status, headers })
  }
}
