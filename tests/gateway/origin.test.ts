import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrigins } from '../../gateway/http/origin.ts'
import { startGateway, type TestGateway } from './fixture.ts'

const PROXY = '10.0.0.1'
const FORWARDED = { host: 'inside:4000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'strates.example' }
const request = (remoteAddress: string | undefined, headers: Readonly<Record<string, string>>) => ({
  method: 'GET',
  url: '/',
  headers,
  ...(remoteAddress !== undefined && { remoteAddress }),
})

describe('where the client found the service', () => {
  it.each([
    ['the Host header, where no proxy is trusted', 0, PROXY, FORWARDED, 'http://inside:4000'],
    ['the Host header, from who is no trusted proxy', ['10.0.0.2'], PROXY, FORWARDED, 'http://inside:4000'],
    ['what a trusted proxy was asked', ['10.0.0.0/8'], PROXY, FORWARDED, 'https://strates.example'],
    ['what the one proxy in front was asked', 1, PROXY, FORWARDED, 'https://strates.example'],
    [
      'what the proxy wrote, and not what the client wrote before it',
      1,
      PROXY,
      { ...FORWARDED, 'x-forwarded-host': 'evil.example, strates.example', 'x-forwarded-proto': 'gopher, https' },
      'https://strates.example',
    ],
    [
      'what the outer of two proxies was asked',
      ['10.0.0.0/8'],
      PROXY,
      { ...FORWARDED, 'x-forwarded-for': '192.0.2.1, 10.0.0.9', 'x-forwarded-proto': 'https, http' },
      'https://strates.example',
    ],
    [
      'http, where a proxy names another scheme',
      1,
      PROXY,
      { ...FORWARDED, 'x-forwarded-proto': 'javascript' },
      'http://strates.example',
    ],
    ['nothing, where the host is none', 1, PROXY, { ...FORWARDED, 'x-forwarded-host': 'a/b"c' }, ''],
    ['nothing, where the port is none', 0, PROXY, { host: 'strates.example:65536' }, ''],
    ['the last port there is', 0, PROXY, { host: '[::1]:65535' }, 'http://[::1]:65535'],
    ['nothing, in this process', 1, undefined, {}, ''],
  ] as const)('is %s', (_, trustedProxies, remoteAddress, headers, origin) => {
    expect(createOrigins({ trustedProxies })(request(remoteAddress, headers))).toBe(origin)
  })

  it('is the public address where it is set, whatever the request says', () => {
    const originOf = createOrigins({ publicUrl: 'https://strates.example.org', trustedProxies: 1 })
    expect(originOf(request(PROXY, FORWARDED))).toBe('https://strates.example.org')
  })
})

describe('links', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startGateway({}, { publicUrl: 'https://strates.example.org' })
  })
  afterAll(() => gateway?.close())

  it.each([
    ['/', '/graphiql'],
    ['/v1', '/v1/'],
    ['/v1/limits/?a=b', '/v1/limits?a=b'],
    ['/v1/feeds?a=b', '/v1/feeds/?a=b'],
    ['/v1/openapi.json/', '/v1/openapi.json'],
    ['/graphql/', '/graphql'],
  ])('of %s lead to %s, whatever the host', async (url, location) => {
    const { headers } = await gateway.app.handle({ method: 'GET', url, headers: {} })
    expect(headers['location']).toBe(location)
  })

  it('do not lead a body that was posted anywhere', async () => {
    expect((await gateway.send({ url: '/graphql/', body: '{}' })).status).toBe(404)
  })

  it('of the description begin with the public address', async () => {
    const { body } = await gateway.app.handle({ method: 'GET', url: '/v1/openapi.json', headers: FORWARDED })
    expect(JSON.parse(String(body)).servers).toEqual([{ url: 'https://strates.example.org' }])
  })
})
