import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { StratesError } from '../core/observations/error.ts'

/** A port that takes connections. */
export interface Port {
  /** Where it is, with the number that was free when 0 was asked for. */
  readonly url: string
  /** Takes no more connections, once those are taken that clients have opened; they go on. */
  close(): Promise<void>
}

/** How long a port that is to close may go on because clients keep coming, in milliseconds. */
const CLOSE_MS = 500

/**
 * Opens a port. Connections are handed over before a byte of them is read, so that another process can take them. They stay
 * open when the client has said all that it has to say (half-closed), as HTTP wants.
 * @throws StratesError `CONFIGURATION_INVALID` when the port is taken or not allowed, or the host is not an address of this
 * machine.
 */
export async function openPort(host: string, port: number, take: (socket: Socket) => void): Promise<Port> {
  let taken = 0
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
    taken += 1
    take(socket)
  })
  await startListening(server, host, port)
  return {
    url: urlOf(server, host),
    async close() {
      // What is left in the queue when a port closes is cut, and Node takes one from it at each turn: turn until none comes.
      const end = performance.now() + CLOSE_MS
      let before: number
      do {
        before = taken
        await setImmediate()
      } while (taken > before && performance.now() < end)
      server.close()
    },
  }
}

async function startListening(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await promise.catch((cause: NodeJS.ErrnoException) => {
    throw cannotListen(cause, host, port)
  })
  server.off('error', reject)
}

/** The reasons why listening fails, each with the setting to change. */
const REFUSALS: Readonly<Record<string, { setting: 'PORT' | 'HOST'; what: string }>> = {
  EADDRINUSE: { setting: 'PORT', what: 'The port is already in use' },
  EACCES: { setting: 'PORT', what: 'This user may not listen on the port' },
  EADDRNOTAVAIL: { setting: 'HOST', what: 'The host is not an address of this machine' },
  ENOTFOUND: { setting: 'HOST', what: 'The host is not known' },
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): unknown {
  const refusal = REFUSALS[cause.code ?? '']
  if (!refusal) return cause
  const { setting, what } = refusal
  return new StratesError({
    code: 'CONFIGURATION_INVALID',
    what,
    on: `PORT=${port}, HOST=${host}`,
    expected: setting === 'PORT' ? 'a port that is free and allowed' : 'an address of this machine, such as 127.0.0.1',
    remedy:
      setting === 'PORT'
        ? `Stop what listens on ${port}, or choose another: PORT=${port === 65_535 ? 4001 : port + 1}.`
        : 'Set HOST to such an address, or unset it.',
    details: { setting },
    cause,
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
