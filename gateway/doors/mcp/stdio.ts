import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type { Log } from '../../log.ts'

/** Sends one message to `/mcp` and gives what was answered. @throws Error where nobody answers. */
export type Post = (message: string) => Promise<{ readonly status: number; readonly body: string }>

/** The code of JSON-RPC for an error of the server. */
const SERVER_ERROR = -32_000

/**
 * Takes messages from the standard input, one a line, and writes each answer to the standard output, until the input ends. Nothing
 * else is written there.
 */
export async function serveStdio(post: Post, log: Log): Promise<void> {
  const transport = new StdioServerTransport()
  const underWay = new Set<Promise<void>>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  transport.onerror = (err) => log.warn({ err }, 'a line of the standard input is no message')
  transport.onmessage = (message) => {
    const answering = answer(message).finally(() => underWay.delete(answering))
    underWay.add(answering)
  }
  process.stdin.once('end', end).once('close', end)
  // The client is gone: there is nobody to write to.
  process.stdout.once('error', end)
  await transport.start()
  await ended
  await Promise.all(underWay)

  async function answer(message: JSONRPCMessage): Promise<void> {
    const reply = await replyTo(message)
    if (reply !== undefined) await transport.send(reply)
  }

  async function replyTo(message: JSONRPCMessage): Promise<JSONRPCMessage | undefined> {
    try {
      const { status, body } = await post(JSON.stringify(message))
      if (status === 202) return undefined
      const reply = JSON.parse(body) as JSONRPCMessage | { readonly detail?: string; readonly title?: string }
      if ('jsonrpc' in reply) return reply
      return failure(message, reply.detail ?? `The server answered with the status ${status}.`)
    } catch (error) {
      log.warn({ err: error }, 'a message was not answered')
      return failure(message, (error as Error).message)
    }
  }
}

/** An answer to a request; a notification gets none. */
function failure(message: JSONRPCMessage, text: string): JSONRPCMessage | undefined {
  if (!('method' in message) || !('id' in message)) return undefined
  return { jsonrpc: '2.0', id: message.id, error: { code: SERVER_ERROR, message: text } }
}
