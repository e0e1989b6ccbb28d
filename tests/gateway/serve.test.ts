import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { AppRequest, AppResponse } from '../../gateway/app.ts'
import type { Limits } from '../../gateway/guard/limits.ts'
import { listen, type Listening } from '../../gateway/serve.ts'

const servers: Listening[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(20)
})

async function serve(
  handle: (request: AppRequest) => Promise<AppResponse>,
  drainMs = 200,
  limits: Partial<Limits> = {},
) {
  const server = await listen({ app: { handle }, port: 0, drainMs, limits })
  servers.push(server)
  return server
}

const echo = async ({ method, url, body }: AppRequest): Promise<AppResponse> => ({
  status: 200,
  headers: { 'x-method': method },
  body: `${url} ${body?.length ?? 0}`,
})

describe('the server', () => {
  it('hands requests over and answers back', async () => {
    const { url } = await serve(echo)
    const response = await fetch(`${url}/a?b=c`, { method: 'POST', body: 'hello' })
    expect(response.headers.get('x-method')).toBe('POST')
    expect(await response.text()).toBe('/a?b=c 5')
  })

  it('reads little more than the limit of a body that is too large, and closes the connection', async () => {
    let size = 0
    const { url } = await serve(async ({ body }) => {
      size = body?.length ?? 0
      return { status: 413, headers: {}, body: '' }
    })
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 50000000\r\n\r\n')
    socket.write(Buffer.alloc(300_000))
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 413/)
    expect(answer.toLowerCase()).toContain('connection: close')
    expect(size).toBeGreaterThan(100_000)
    expect(size).toBeLessThan(300_000)
  })

  it('refuses headers over 16 KB', async () => {
    const { url } = await serve(echo)
    expect((await fetch(url, { headers: { 'x-large': 'x'.repeat(17_000) } })).status).toBe(431)
  })

  it('says which setting to change when the port is taken', async () => {
    const { url } = await serve(echo)
    const port = Number(new URL(url).port)
    await expect(listen({ app: { handle: echo }, port })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining(`PORT=${port}`),
      facts: { remedy: expect.stringContaining(`PORT=${port + 1}`) },
    })
  })

  it('finishes what is in flight when it closes, and takes nothing new', async () => {
    const { promise: mayAnswer, resolve: goOn } = Promise.withResolvers<void>()
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const server = await serve(async (request) => {
      arrive()
      await mayAnswer
      return echo(request)
    }, 5000)
    const inFlight = fetch(`${server.url}/slow`)
    await arrived
    const closed = server.close()
    await expect(fetch(`${server.url}/late`)).rejects.toThrow()
    goOn()
    const response = await inFlight
    expect(await response.text()).toBe('/slow 0')
    expect(response.headers.get('connection')).toBe('close')
    await closed
  })

  it('tells who asks before it closes idle connections, and leaves those on which a request begins', async () => {
    const server = await serve(echo, 5000)
    const open = async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      let got = ''
      socket.on('data', (data) => (got += String(data)))
      const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(got)))
      socket.write('GET /1 HTTP/1.1\r\nhost: a\r\n\r\n')
      await new Promise((resolve) => socket.once('data', resolve))
      return { socket, closed }
    }
    const [asks, begins, idles] = await Promise.all([open(), open(), open()])
    const closed = server.close(300)
    await sleep(100)
    asks.socket.write('GET /2 HTTP/1.1\r\nhost: a\r\n\r\n')
    expect(await asks.closed).toMatch(/\/1 0[^]*connection: close[^]*\/2 0$/i)
    begins.socket.write('GET /2 HTTP/1.1\r\nhost:')
    expect(await idles.closed).toMatch(/\/1 0$/)
    await sleep(100)
    begins.socket.write(' a\r\n\r\n')
    expect(await begins.closed).toMatch(/connection: close[^]*\/2 0$/i)
    await closed
  })

  it('cuts what does not finish in time', async () => {
    const server = await serve(() => new Promise(() => {}), 50)
    const inFlight = fetch(server.url).catch(() => 'cut')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.close()
    expect(await inFlight).toBe('cut')
  })

  it('says where a request came from', async () => {
    const { url } = await serve(async ({ remoteAddress }) => ({ status: 200, headers: {}, body: `${remoteAddress}` }))
    expect(await (await fetch(url, { headers: { 'x-forwarded-for': '198.51.100.1' } })).text()).toBe('127.0.0.1')
  })
})

describe('slow clients', () => {
  /** What a client that writes so much and then nothing gets, once the server has closed the connection. */
  async function stall(url: string, written: string): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let got = ''
    socket.on('data', (data) => (got += String(data)))
    socket.on('error', () => {})
    socket.write(written)
    await new Promise((resolve) => socket.once('close', resolve))
    return got
  }

  it('that do not end their headers, or their body, in time get 408 and are closed', async () => {
    const { url } = await serve(echo, 200, { headerMs: 100, requestMs: 200 })
    expect(await stall(url, 'GET / HTTP/1.1\r\nhost: a\r\n')).toMatch(/^HTTP\/1.1 408/)
    expect(await stall(url, 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc')).toMatch(/^HTTP\/1.1 408/)
  })

  it('that neither send nor read for long are closed', async () => {
    const { url } = await serve(() => new Promise(() => {}), 200, { stalledMs: 100 })
    expect(await stall(url, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('')
  })

  it('do not open more connections than there may be', async () => {
    const { url } = await serve(echo, 200, { connections: 2 })
    const idle = [1, 2].map(() => connect(Number(new URL(url).port), '127.0.0.1'))
    await Promise.all(idle.map((socket) => new Promise<void>((resolve) => socket.once('connect', () => resolve()))))
    await expect(fetch(url)).rejects.toThrow()
    for (const socket of idle) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await fetch(url)).status).toBe(200)
  })
})

describe('a streamed body', () => {
  /** A body of 200 pieces of 64 KB, and what happens to it. */
  function body(pieces = 200) {
    const seen = { given: 0, ended: false }
    async function* read() {
      try {
        for (; seen.given < pieces; seen.given += 1) yield Buffer.alloc(65_536, seen.given % 256)
      } finally {
        seen.ended = true
      }
    }
    return { seen, stream: { bytes: pieces * 65_536, pieces: read() } }
  }
  const answerOf = (stream: AppResponse['stream'] & {}): AppResponse => ({ status: 200, headers: {}, body: '', stream })

  it('arrives whole, with its size', async () => {
    const { seen, stream } = body(20)
    const { url } = await serve(async () => answerOf(stream))
    const response = await fetch(url)
    expect(response.headers.get('content-length')).toBe(`${20 * 65_536}`)
    expect((await response.arrayBuffer()).byteLength).toBe(20 * 65_536)
    expect(seen.ended).toBe(true)
  })

  it('is read no faster than the client takes it, and ends when the client goes', async () => {
    const { seen, stream } = body()
    const { url } = await serve(async () => answerOf(stream))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    await sleep(200)
    const waiting = seen.given
    // What the buffers of two sockets hold, far from the 13 MB.
    expect(waiting).toBeLessThan(150)
    expect(seen.ended).toBe(false)
    socket.destroy()
    for (let tries = 0; tries < 100 && !seen.ended; tries += 1) await sleep(20)
    expect(seen.ended).toBe(true)
    expect(seen.given).toBeLessThan(150)
  })

  it('that breaks off breaks the connection off: nobody takes a part for the whole', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the disk is gone')
    }
    const { url } = await serve(async () => answerOf({ pieces: broken() }))
    const response = fetch(url).then((got) => got.text())
    await expect(response).rejects.toThrow()
  })

  it('is finished while the server drains', async () => {
    const { seen, stream } = body(50)
    const server = await serve(async () => answerOf(stream), 5000)
    const response = await fetch(server.url)
    const closing = server.close(20)
    expect((await response.arrayBuffer()).byteLength).toBe(50 * 65_536)
    await closing
    expect(seen.ended).toBe(true)
  })
})
