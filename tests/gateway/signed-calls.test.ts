/** Subgraphs over HTTP that take only the gateway's calls, with a clock that the test moves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { SIGNATURE_HEADER, sign } from '../../core/signature.ts'
import { httpTransport } from '../../gateway/transport/http.ts'
import { serveSubgraph } from '../../subgraphs/kit/serve.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { parse } from 'graphql'
import { fixtureStore } from '../fixtures/store.ts'

const SECRET = 'a secret of some length'
const BODY = JSON.stringify({ query: '{ commune(code: "35238") { name } }' })
let now = Date.now()
let url: string
let close: () => Promise<void>
beforeAll(async () => {
  const store = await openStore(await fixtureStore(), ['commune'])
  const subgraph = createSubgraph(SUBGRAPHS.commune, store.reader('commune'))
  const serving = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, secret: SECRET, now: () => now })
  ;({ url, close } = serving)
})
afterAll(() => close?.())

const post = (headers: Record<string, string>, body = BODY) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

describe('a subgraph with a secret', () => {
  it('answers a call that is signed', async () => {
    const response = await post({ [SIGNATURE_HEADER]: sign(SECRET, BODY, now) })
    expect([response.status, await response.json()]).toEqual([200, { data: { commune: { name: 'Rennes' } } }])
  })

  it('answers a router that cannot sign and gives the secret', async () => {
    expect((await post({ authorization: `Bearer ${SECRET}` })).status).toBe(200)
  })

  it('refuses everyone else with 401: unsigned, signed otherwise, for the schema too', async () => {
    const entities = JSON.stringify({ query: '{ _service { sdl } }' })
    for (const [headers, body] of [
      [{}, BODY],
      [{}, entities],
      [{ authorization: 'Bearer of nothing' }, BODY],
      [{ [SIGNATURE_HEADER]: sign('another secret of length', BODY, now) }, BODY],
      [{ [SIGNATURE_HEADER]: sign(SECRET, entities, now) }, BODY],
    ] as const) {
      const response = await post(headers, body)
      expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8'])
      const { errors, data } = (await response.json()) as { errors: { message: string }[]; data?: unknown }
      expect([errors.length, data]).toEqual([1, undefined])
    }
    expect((await fetch(`${url}?query=${encodeURIComponent('{ __typename }')}`)).status).toBe(401)
  })

  it('tells supervisors, who sign nothing, that it answers, and nothing else', async () => {
    for (const path of ['livez', 'readyz']) {
      const response = await fetch(`${url}${path}`)
      expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}'])
      expect(response.headers.get('strates-data-versions')).toBeNull()
    }
    expect((await fetch(`${url}readyz?query=${encodeURIComponent('{ __typename }')}`)).status).toBe(401)
  })

  it('refuses a call that is sent again after a minute', async () => {
    const headers = { [SIGNATURE_HEADER]: sign(SECRET, BODY, now) }
    now += 59_000
    expect((await post(headers)).status).toBe(200)
    now += 2000
    const late = await post(headers)
    expect([late.status, await late.text()]).toEqual([401, expect.stringContaining('60 seconds')])
  })

  it('is asked by the gateway, which signs', async () => {
    const ask = async (secret: string | undefined) => {
      const transport = httpTransport({ name: 'commune', url, secret, now: () => now })
      try {
        const signal = AbortSignal.timeout(3000)
        const document = parse('{ commune(code: "35238") { name } }')
        return await transport.execute({ document, variables: {}, requestId: 'test', signal } as never)
      } finally {
        await transport.close()
      }
    }
    expect(await ask(SECRET)).toMatchObject({ data: { commune: { name: 'Rennes' } } })
    for (const secret of [undefined, 'another secret altogether'])
      await expect(ask(secret)).rejects.toMatchObject({
        facts: { details: { subgraph: 'commune', reason: 'REFUSED' } },
      })
  })

  it('reads calls up to ten megabytes, and no JSON but JSON', async () => {
    const large = JSON.stringify({ query: `{ commune(code: "35238") { name } } #${'x'.repeat(9_000_000)}` })
    expect((await post({ [SIGNATURE_HEADER]: sign(SECRET, large, now) }, large)).status).not.toBe(413)
    const larger = `"${'x'.repeat(10_000_001)}"`
    const refused = await post({ [SIGNATURE_HEADER]: sign(SECRET, larger, now) }, larger).catch(() => ({ status: 413 }))
    expect(refused.status).toBe(413)
    expect((await post({ [SIGNATURE_HEADER]: sign(SECRET, 'no', now) }, 'no')).status).toBe(400)
  })
})

describe('a subgraph without a secret', () => {
  it('refuses to listen where other machines could call it', async () => {
    const store = await openStore(await fixtureStore(), ['commune'])
    const subgraph = createSubgraph(SUBGRAPHS.commune, store.reader('commune'))
    await expect(serveSubgraph(subgraph, { host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      facts: { code: 'CONFIGURATION_INVALID', remedy: expect.stringContaining('STRATES_SUBGRAPH_SECRET') },
    })
  })
})
