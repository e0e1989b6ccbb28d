import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A server that speaks as much of Redis's protocol (RESP 2) as a cache needs, and can be made slow or silent. */
export interface FakeRedis {
  readonly url: string
  readonly texts: Map<string, string>
  /** Milliseconds before each reply; Infinity: none ever comes. */
  delay: number
  close(): Promise<void>
}

/** Starts one, on a port of its own or the one given. */
export async function startFakeRedis(port = 0): Promise<FakeRedis> {
  const texts = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let buffered = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk])
      for (let read = readCommand(buffered); read; read = readCommand(buffered)) {
        buffered = buffered.subarray(read.size)
        const reply = answer(texts, read.words)
        if (fake.delay === 0) socket.write(reply)
        else if (Number.isFinite(fake.delay)) setTimeout(() => socket.destroyed || socket.write(reply), fake.delay)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const fake: FakeRedis = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts,
    delay: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return fake
}

/** One command: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`; undefined while it is not whole. */
function readCommand(bytes: Buffer): { readonly words: string[]; readonly size: number } | undefined {
  let at = 0
  const line = () => {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return undefined
    const text = bytes.toString('latin1', at, end)
    at = end + 2
    return text
  }
  const count = Number(line()?.slice(1))
  if (!(count > 0)) return undefined
  const words: string[] = []
  for (let word = 0; word < count; word += 1) {
    const length = Number(line()?.slice(1))
    if (!(length >= 0) || at + length + 2 > bytes.length) return undefined
    words.push(bytes.toString('utf8', at, at + length))
    at += length + 2
  }
  return { words, size: at }
}

function answer(texts: Map<string, string>, [command = '', key = '', value = '']: readonly string[]): string {
  switch (command.toUpperCase()) {
    case 'GET': {
      const text = texts.get(key)
      return text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`
    }
    case 'SET':
      texts.set(key, value)
      return '+OK\r\n'
    case 'PING':
      return '+PONG\r\n'
    default:
      return '+OK\r\n'
  }
}
