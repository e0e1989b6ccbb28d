/** The operations as tools, over the fixture store, asked by the SDK's own client, which checks each answer against its schema. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOperations } from '../../gateway/doors/operations/operation.ts'
import { listen, type Listening } from '../../gateway/serve.ts'
import { connect, connectTo, type TestClient } from '../gateway/mcp/client.ts'
import { startFederation, type Federation } from './federation.ts'

let gateway: Federation
let tools: TestClient
beforeAll(async () => {
  gateway = await startFederation()
  tools = await connectTo(gateway.app)
})
afterAll(() => gateway?.close())

type Fields = Record<string, unknown>

/** Every observation of an answer, and every school. */
function citedIn(value: unknown): Fields[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'simulated' in value && 'provenance' in value ? [value as Fields] : []
  return [...own, ...Object.values(value).flatMap(citedIn)]
}

/** What GraphQL answers, in what MCP does: fields that were added for the citation aside. */
function expectWithin(whole: unknown, part: unknown): void {
  if (typeof part !== 'object' || part === null) return expect(whole).toBe(part)
  expect(Object.keys(whole as object)).toEqual(expect.arrayContaining(Object.keys(part)))
  for (const [key, value] of Object.entries(part)) expectWithin((whole as Fields)[key], value)
}

describe('the tools', () => {
  it('are the operations of the folder, and graphql', async () => {
    const { tools: listed } = await tools.client.listTools()
    expect(listed.map(({ name }) => name)).toEqual([
      ...readOperations().map(({ name }) => name.replaceAll('-', '_')),
      'graphql',
    ])
    for (const { name, inputSchema } of listed) {
      for (const [argument, schema] of Object.entries(inputSchema.properties ?? {})) {
        expect([name, argument, (schema as Fields)['description']]).toEqual([name, argument, expect.any(String)])
      }
    }
    expect(JSON.stringify(listed).length).toBeLessThan(100_000)
  })

  it.each(readOperations())('$name give what GraphQL gives, each figure with its source', async (operation) => {
    const { structured, isError, text } = await tools.call(operation.name.replaceAll('-', '_'))
    expect(isError, text).toBe(false)
    expectWithin(structured.data, await gateway.get(operation.text))
    for (const { provenance, status, value } of citedIn(structured.data)) {
      expect(provenance).toMatchObject({
        attribution: expect.any(String),
        datasetVersion: expect.any(String),
        retrievedAt: expect.any(String),
        geographyVintage: expect.any(Number),
        licence: { title: expect.any(String), url: expect.any(String) },
      })
      if (value != null)
        expect(text).toMatch(new RegExp(`${String(value)} [a-z ]+, ${String(status)}, \\d{4}.* \\[\\d+\\]`))
    }
  })

  it('write a figure and its source as a person would', async () => {
    const { text } = await tools.call('territory', { id: 'commune:35238' })
    expect(text).toMatch(/population: 230890 inhabitants, NORMAL, 2023, 1 of 1 reported \[1\]/)
    expect(text).toMatch(
      /\n\[1\] "INSEE — Populations de référence .*"; licence "Licence Ouverte 2\.0" \(https:.*\); dataset population-municipale; version .*; owner État; retrieved \d{4}-\d{2}-\d{2}; geography COG 2026/,
    )
    expect(text).toMatch(/PARTIAL: Some of those expected have not reported/)
  })

  it('say n of m, and go on from there', async () => {
    const { text, structured } = await tools.call('missing_schools', { id: 'region:53', first: 1000 })
    const { totalCount, nodes, pageInfo } = structured.data.territory.schoolEnrolment.primary.missingMembers
    expect([nodes.length, totalCount > 500]).toEqual([50, true])
    expect(text).toContain(
      `missingMembers.nodes: 50 of ${totalCount}. To go on, ask again with after: "${pageInfo.endCursor}".`,
    )
    const second = await tools.call('missing_schools', { id: 'region:53', after: pageInfo.endCursor })
    const after = second.structured.data.territory.schoolEnrolment.primary.missingMembers.nodes
    expect(after).toHaveLength(50)
    expect(after).not.toContainEqual(nodes[49])
  })

  it('give the rows of a table without pages from any row on', async () => {
    const { text, structured } = await tools.call('reconciliation', { fromRow: 3 })
    const [part] = structured.parts
    expect(part).toMatchObject({ at: 'reconciliations', from: 3, of: structured.data.reconciliations.length + 2 })
    expect(text).toContain(`Rows of reconciliations: ${part.shown} of ${part.of}, from row 3 on. No more follow.`)
  })

  it('give an unknown territory and a year out of range as errors that say what to do', async () => {
    const unknown = await tools.call('territory', { id: 'commune:99999' })
    expect([unknown.isError, unknown.text]).toEqual([true, expect.stringMatching(/^UNKNOWN_TERRITORY: .*Expected: /)])
    const late = await tools.call('territory', { id: 'commune:35238', schoolYear: 3000 })
    expect(late.text).toMatch(/^(INVALID_YEAR|MISSING: INVALID_YEAR): |MISSING: INVALID_YEAR/m)
  })

  it('add the source to any question in GraphQL, and cut long lists', async () => {
    const { text, structured } = await tools.call('graphql', {
      query:
        'query Q($code: ID!) { departement(code: $code) { communes(first: 60) { nodes { name population { value } } } } }',
      variables: { code: '35' },
    })
    expect(structured.data.departement.communes.nodes).toHaveLength(50)
    expect(structured.data.departement.communes.nodes[0].population.provenance.attribution).toMatch(/INSEE/)
    expect(structured.parts).toEqual([
      { at: 'departement.communes.nodes', shown: 50, of: 332, more: true, next: { first: 50 } },
    ])
    expect(text).toContain(
      'Rows of departement.communes.nodes: 50 of 332. To see all, page by page, ask again with first: 50.',
    )
  })
})

describe('the resources', () => {
  it('are the schema and the catalogue', async () => {
    const { resources } = await tools.client.listResources()
    expect(resources.map(({ uri }) => uri)).toEqual(['strates://schema', 'strates://catalogue'])
    const read = async (uri: string) => {
      const { contents } = await tools.client.readResource({ uri })
      return (contents[0] as { text: string }).text
    }
    expect(await read('strates://schema')).toContain('type SchoolEnrolment')
    expect(JSON.parse(await read('strates://catalogue'))).toHaveProperty('@context')
  })
})

describe('over a port', () => {
  let port: Listening
  beforeAll(async () => {
    port = await listen({ app: gateway.app, port: 0 })
  })
  afterAll(() => port?.close(0))

  it('the SDK greets, lists, calls and says goodbye', async () => {
    const { client, call, close } = await connect(new StreamableHTTPClientTransport(new URL('/mcp', port.url)))
    expect(client.getServerVersion()).toMatchObject({ name: 'strates' })
    expect(client.getInstructions()).toContain('source')
    expect((await call('population_series', { from: 2023 })).text).toContain('230890 inhabitants')
    await close()
  })
})
