/**
 * `node deploy/routers/apollo-router/coprocessor.ts`: signs the calls of an Apollo Router, which asks it before each call of a subgraph. It
 * needs STRATES_SUBGRAPH_SECRET, and listens on PORT (default 4010) of this machine: whoever reaches it can have calls signed.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readEnvironment } from '../../../core/environment.ts'
import { StratesError } from '../../../core/observations/error.ts'
import { sign, SIGNATURE_HEADER } from '../../../core/signature.ts'

/** What an Apollo Router tells of a call that it is about to make, as far as it is needed here. */
interface Call {
  readonly version: number
  readonly stage: string
  readonly id: string
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: object
}

/**
 * The answer to a router: the headers of its call, and the signature beside them.
 * @param asked what the router sent.
 */
export function signedCall(asked: string, secret: string, now: number): string {
  const { version, stage, id, headers, body } = JSON.parse(asked, verbatim) as Call
  // The router writes the body of the call in the same way as it wrote it for us: in this order, without spaces.
  const signature = sign(secret, JSON.stringify(body), now)
  const signed = { ...headers, [SIGNATURE_HEADER]: [signature] }
  return JSON.stringify({ version, stage, id, control: 'continue', headers: signed })
}

/** Keeps numbers as they are written: 1.0 would become 1, and another text is another signature. */
const verbatim = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined ? raw(context.source) : value

/** Whatever HOST says: the subgraphs on this machine may listen beyond it, who signs may not. */
const HOST = '127.0.0.1'

/** JavaScript has it, its types do not yet. */
const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

async function main(): Promise<void> {
  const { port, subgraphSecret: secret } = readEnvironment({ PORT: '4010', ...process.env })
  if (secret === undefined)
    throw new StratesError({
      code: 'CONFIGURATION_INVALID',
      what: 'There is nothing to sign with',
      on: 'STRATES_SUBGRAPH_SECRET, which is not set',
      expected: 'the secret that the subgraphs have',
      remedy: 'Set STRATES_SUBGRAPH_SECRET.',
    })
  const server = createServer(async (request, response) => {
    try {
      const answer = signedCall(await textOf(request), secret, Date.now())
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
    } catch {
      response.writeHead(400).end()
    }
  })
  await once(server.listen(port, HOST), 'listening').catch((cause: unknown) => {
    throw new StratesError({
      code: 'CONFIGURATION_INVALID',
      what: `The coprocessor cannot listen (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      on: `PORT=${port}`,
      expected: 'a port that is free and allowed',
      remedy: 'Choose another with PORT, and name it in router.yaml.',
      cause,
    })
  })
  const { port: taken } = server.address() as AddressInfo
  console.log(`signs the calls of an Apollo Router on http://${HOST}:${taken}`)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(error instanceof StratesError ? `${error.code}: ${error.message}` : error)
    process.exitCode = 1
  })
