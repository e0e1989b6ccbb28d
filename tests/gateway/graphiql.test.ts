import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, type App } from '../../gateway/app.ts'
import { parametersOf } from '../../gateway/doors/operations/parameters.ts'
import { operationOf, readOperations } from '../../gateway/doors/operations/operation.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import { readSupergraph } from '../federation/federation.ts'
import { startGateway, type TestGateway } from './fixture.ts'

const OPERATIONS = readOperations()

let engine: Engine
let app: App
let foreign: TestGateway
beforeAll(async () => {
  engine = createEngine({ supergraphSdl: await readSupergraph() })
  app = createApp({ engine, defaultQuery: OPERATIONS[0]?.text ?? '' })
  foreign = await startGateway()
  await app.ready
})
afterAll(async () => {
  await app?.close()
  await foreign?.close()
})

const get = (url: string, headers = {}) => app.handle({ method: 'GET', url, headers })
const pageOf = async (search = '', headers = {}): Promise<string> =>
  String((await get(`/graphiql${search}`, headers)).body)
/** What the script of the page starts from. */
const startOf = (page: string) =>
  JSON.parse(/<script type="application\/json" id="start">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as {
    readonly firstQuery: string
    readonly simulatedQuery?: string
    readonly example?: { readonly name: string; readonly text: string; readonly variables: object }
    readonly workers: Readonly<Record<string, string>>
  }
const filesOf = (page: string): readonly string[] => [
  ...Array.from(page.matchAll(/(?:src|href)="(\/graphiql\/[^"]+)"/g), ([, path = '']) => path),
  ...Object.values(startOf(page).workers),
]

describe('the page of GraphiQL', () => {
  it('may run its own files only, and ask this service only', async () => {
    const { headers, body } = await get('/graphiql')
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe/)
    expect(String(body)).not.toMatch(/(src|href)="(https?:)?\/\/|\son\w+=|<script(?![^>]*(src=|application\/json))/)
  })

  it('is asked for again by its tag, one for each language', async () => {
    const french = await get('/graphiql')
    const english = await get('/graphiql', { 'accept-language': 'en' })
    expect([french.headers['content-language'], english.headers['content-language']]).toEqual(['fr', 'en'])
    expect(String(english.body)).toContain('<html lang="en">')
    expect(french.headers['vary']).toBe('accept-language')
    expect((await get('/graphiql', { 'if-none-match': french.headers['etag'] })).status).toBe(304)
    expect((await get('/graphiql', { 'if-none-match': english.headers['etag'] })).status).toBe(200)
  })

  it('lists every operation with its question, in the language asked for', async () => {
    const [french, english] = [await pageOf(), await pageOf('?lang=en')]
    for (const { name, question, questionFr } of OPERATIONS) {
      expect(french).toContain(`/graphiql?operation=${name}&amp;lang=fr"`)
      expect(french.replaceAll('&#39;', "'")).toContain(questionFr)
      expect(english.replaceAll('&#39;', "'")).toContain(question)
    }
  })

  it('opens each with its document, that the schema has, and its variables by default', async () => {
    const schema = engine.apiSchema
    if (schema === undefined) throw new Error('the engine is ready')
    for (const operation of OPERATIONS) {
      const { example } = startOf(await pageOf(`?operation=${operation.name}`))
      expect(example?.text).toBe(operation.text)
      expect(validate(schema, parse(example?.text ?? ''))).toEqual([])
      const withDefault = parametersOf(operation, schema).filter(({ byDefault }) => byDefault !== undefined)
      expect(Object.keys(example?.variables ?? {})).toEqual(withDefault.map(({ name }) => name))
    }
  })

  it('lists what there is for an operation that it has not', async () => {
    const { status, body } = await get('/graphiql?operation=nothing')
    expect(status).toBe(404)
    expect(String(body)).toMatch(/role="alert"><p>[^<]*« nothing »[^]*operation=catalogue/)
    expect(startOf(String(body)).example).toBeUndefined()
    const again = await get('/graphiql?operation=nothing', { 'if-none-match': '*' })
    expect([again.status, again.headers['etag'], again.headers['cache-control']]).toEqual([404, undefined, 'no-store'])
  })

  it('is found with a slash at its end too, and keeps its language on the way to the other pages', async () => {
    const { status, headers } = await get('/graphiql/?operation=catalogue')
    expect([status, headers['location']]).toEqual([308, '/graphiql?operation=catalogue'])
    const [french, english] = [await pageOf(), await pageOf('', { 'accept-language': 'en' })]
    for (const address of ['/map', '/docs/?lang=fr']) expect(french).toContain(`<a href="${address}">`)
    for (const address of ['/map?lang=en', '/docs/?lang=en']) expect(english).toContain(`<a href="${address}">`)
  })

  it('lets nothing out of an address: a name is escaped, a query and its variables are left to the browser', async () => {
    const hostile = '</script><script>alert(1)</script>"\'&'
    const named = await pageOf(`?operation=${encodeURIComponent(hostile)}&lang=${encodeURIComponent(hostile)}`)
    expect(named).not.toContain('<script>')
    expect(named).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;')
    const asked = `?query=${encodeURIComponent(hostile)}&variables=${encodeURIComponent(hostile)}`
    expect(await pageOf(asked)).toBe(await pageOf())
  })

  it('keeps a document with a tag in it inside its element', async () => {
    const text = '# </script><b>\n# Fr: </script>\nquery Hostile { echo }'
    const { app: small, ...gateway } = await startGateway({}, { operations: [operationOf('hostile', text)] })
    const page = String((await small.handle({ method: 'GET', url: '/graphiql?operation=hostile', headers: {} })).body)
    expect(startOf(page).example?.text).toBe(text)
    expect(page).not.toContain('</script><b>')
    await gateway.close()
  })

  it('keeps to what another supergraph answers', async () => {
    const { status, body } = await foreign.app.handle({ method: 'GET', url: '/graphiql', headers: {} })
    expect([status, String(body).includes('operation=')]).toEqual([200, false])
    expect(startOf(String(body))).toMatchObject({ firstQuery: '{ __typename }' })
    expect(startOf(String(body)).simulatedQuery).toBeUndefined()
    expect(startOf(await pageOf()).simulatedQuery).toBeDefined()
  })
})

describe('the files of GraphiQL', () => {
  it('have a type, and stay for ever at an address with their hash', async () => {
    const files = filesOf(await pageOf())
    expect(files.map((path) => path.replace(/^\/graphiql\/[0-9a-f]{16}\//, '')).toSorted()).toEqual([
      'editor-worker.js',
      'graphiql.css',
      'graphiql.js',
      'graphql-worker.js',
      'json-worker.js',
      'page.css',
      'page.js',
    ])
    for (const path of files) {
      const { status, headers, body } = await get(path)
      const type = path.endsWith('.css') ? 'text/css' : 'text/javascript'
      expect([status, headers['content-type']]).toEqual([200, `${type}; charset=utf-8`])
      expect(headers['cache-control']).toContain('immutable')
      expect(headers['content-security-policy']).toBe("default-src 'none'")
      expect(body.length).toBeGreaterThan(500)
      expect((await get(path, { 'if-none-match': headers['etag'] })).status).toBe(304)
    }
  })

  it('come compressed to who takes that, the same bytes in the end', async () => {
    const path = filesOf(await pageOf()).find((one) => one.endsWith('/editor-worker.js')) ?? ''
    const [plain, brotli, gzip] = await Promise.all(
      ['identity', 'gzip, deflate, br', 'gzip'].map((encoding) => get(path, { 'accept-encoding': encoding })),
    )
    expect([plain, brotli, gzip].map((one) => one?.headers['content-encoding'])).toEqual([undefined, 'br', 'gzip'])
    expect(new Set([plain, brotli, gzip].map((one) => one?.headers['etag'])).size).toBe(3)
    expect(brotliDecompressSync(brotli?.body as Buffer)).toEqual(plain?.body)
    expect(gunzipSync(gzip?.body as Buffer)).toEqual(plain?.body)
  })

  it('are not found under another hash, and the answer says where they are', async () => {
    const { status, body } = await get('/graphiql/0000000000000000/graphiql.js')
    expect([status, JSON.parse(String(body)).title]).toEqual([404, 'No such file'])
  })
})
