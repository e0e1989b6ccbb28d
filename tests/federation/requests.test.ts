/** How much work an operation makes: requests to subgraphs, and values read of the store. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { startCounting, type Counted, type CountingFederation } from './counting.ts'
import { variablesOf } from './variables.ts'

/*
 * Drop a question into `corpus/`, and the next run writes into `expected.json` what it costs; on CI a missing entry fails. A number that
 * grows there is a step backwards, to be explained where it is committed.
 */

const CORPUS = join(import.meta.dirname, 'corpus')
const EXPECTED = join(CORPUS, 'expected.json')
const DOCUMENTS = [...documentsIn(join(REPOSITORY, 'operations')), ...documentsIn(CORPUS)]

interface Expected {
  readonly requests: Counted['requests'] & { readonly total: number }
  readonly reads: Counted['reads']
}

const known: Record<string, Expected> = existsSync(EXPECTED) ? JSON.parse(readFileSync(EXPECTED, 'utf8')) : {}
const written = new Map<string, Expected>()

let federation: CountingFederation
beforeAll(async () => {
  federation = await startCounting()
})
afterAll(async () => {
  await federation?.close()
  if (written.size === 0) return
  const all = Object.entries({ ...known, ...Object.fromEntries(written) }).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )
  writeFileSync(EXPECTED, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
})

describe('what an operation makes the subgraphs do', () => {
  it.each(DOCUMENTS)('$name', async ({ name, text }) => {
    const { requests, reads, repeated } = await count(text, variablesOf(name))
    const total = Object.values(requests).reduce((sum, one) => sum + one, 0)
    expect(repeated, 'read twice in one request').toEqual([])
    const found: Expected = { requests: { ...requests, total }, reads }
    if (known[name] === undefined && !process.env['CI']) written.set(name, found)
    else expect(found).toEqual(known[name])
  })

  it('is expected of no document that is not there', () => {
    const names = new Set(DOCUMENTS.map(({ name }) => name))
    expect(Object.keys(known).filter((name) => !names.has(name))).toEqual([])
  })
})

/** Lists of any size, and how many values each entry shows, by the way of reading it. */
const LISTS: readonly {
  readonly what: string
  readonly query: string
  readonly reads: Readonly<Record<string, number>>
}[] = [
  {
    what: 'communes with population',
    query: 'departement(code: "35") { communes(first: $n) { nodes { name population { value } } } }',
    reads: { 'national.observe': 1 },
  },
  {
    what: 'communes with EPCI, population and three cycles',
    query: `departement(code: "35") { communes(first: $n) { nodes { epci { name } population { value } schoolEnrolment {
      primary { value } lowerSecondary { value } upperSecondary { value } } } } }`,
    reads: { 'commune.observe': 1, 'departement.observe': 1, 'national.observe': 1, 'region.observe': 1 },
  },
  {
    what: 'communes with the total',
    query: 'departement(code: "35") { communes(first: $n) { nodes { schoolEnrolment { total { value } } } } }',
    reads: { 'commune.observe': 1, 'departement.observe': 1, 'region.observe': 1 },
  },
  {
    what: 'communes with a measure over two years',
    query: `departement(code: "35") { communes(first: $n) { nodes {
      observations(measures: ["pupils-primary"], from: 2021, to: 2022) { observation { value } } } } }`,
    reads: { 'commune.observe': 2 },
  },
  {
    what: 'départements with population',
    query: 'nation { departements(first: $n) { nodes { population { value } } } }',
    reads: { 'national.observe': 1 },
  },
]

describe('doubling a list', () => {
  it.each(LISTS)('asks no more often: $what', async ({ query, reads }) => {
    const asked = new Map<number, Counted['requests']>()
    for (const size of [1, 2, 4, 8, 16, 32, 64]) {
      const counted = await count(`query ($n: Int!) { ${query} }`, { n: size })
      asked.set(size, counted.requests)
      // What each entry shows, each value once: no more, no fewer.
      expect(counted.reads).toEqual(Object.fromEntries(Object.entries(reads).map(([way, each]) => [way, each * size])))
      expect(counted.repeated).toEqual([])
    }
    expect(new Set([...asked.values()].map((requests) => JSON.stringify(requests))).size).toBe(1)
  })

  it('asks no more often about territories by id', async () => {
    const page = 'departement(code: "35") { communes(first: 64) { nodes { id } } }'
    const { departement } = await federation.get(`{ ${page} }`)
    const ids: string[] = departement.communes.nodes.map(({ id }: { readonly id: string }) => id)
    const asked = new Set<string>()
    for (const size of [1, 2, 4, 8, 16, 32, 64]) {
      const query =
        'query ($ids: [ID!]!) { territories(ids: $ids) { population { value } schoolEnrolment { primary { value } } } }'
      const { requests, reads } = await count(query, { ids: ids.slice(0, size) })
      expect(reads).toEqual({ 'commune.observe': size, 'national.observe': size })
      asked.add(JSON.stringify(requests))
    }
    expect(asked.size).toBe(1)
  })
})

/** What one operation makes the subgraphs do; it must be answered without error. */
async function count(text: string, variables?: Readonly<Record<string, unknown>>): Promise<Counted> {
  federation.counted()
  await federation.get(text, variables)
  return federation.counted()
}

function documentsIn(folder: string): { readonly name: string; readonly text: string }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  return names.map((name) => ({ name: name.replace('.graphql', ''), text: readFileSync(join(folder, name), 'utf8') }))
}
