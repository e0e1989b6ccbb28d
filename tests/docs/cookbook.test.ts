import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from '../federation/federation.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')
const HERE = 'http://127.0.0.1:4000'

/** The blocks of a page in one language. */
const blocksOf = (page: string, language: string): readonly string[] =>
  [...readFileSync(join(DOCS, page), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code = '']) => code,
  )

/** The addresses that its curl lines ask by GET, and the queries that they send. */
const curlsOf = (page: string): { urls: readonly string[]; queries: readonly string[] } => {
  const lines = blocksOf(page, 'sh').flatMap((block) => block.split('\n').filter((line) => line.startsWith('curl ')))
  const bodies = lines.flatMap((line) => / -d '(.*)'$/.exec(line)?.[1] ?? [])
  return {
    urls: lines.filter((line) => !line.includes(' -d ')).flatMap((line) => / '(http.*?)'/.exec(line)?.[1] ?? []),
    queries: bodies.map((body) => (JSON.parse(body) as { query: string }).query),
  }
}

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

const get = (url: string) =>
  federation.app.handle({ method: 'GET', url: encodeURI(decodeURI(url.replace(HERE, ''))), headers: {} })

describe.each(['cookbook.md', 'tutorial.md', 'tutorial.fr.md'])('docs/%s', (page) => {
  const { urls, queries } = curlsOf(page)

  it('has addresses that answer', async () => {
    expect(urls.length).toBeGreaterThan(2)
    for (const url of urls.filter((one) => !one.includes('/v1/feeds/'))) {
      expect([url, (await get(url)).status]).toEqual([url, 200])
    }
  })

  it('has questions that the schema knows', async () => {
    const all = [...blocksOf(page, 'graphql'), ...queries]
    expect(all.length).toBeGreaterThan(2)
    for (const query of all) {
      const { data, errors = [] } = await federation.ask(query)
      // The fixtures hold a few places only: what an example asks about may not be among them, but the question is a question.
      const codes = errors.map(({ extensions }) => String(extensions['code']))
      expect([query, codes.filter((code) => !code.startsWith('UNKNOWN_'))]).toEqual([query, []])
      expect(data).toBeDefined()
    }
  })
})

describe('docs/cookbook.md', () => {
  const text = readFileSync(join(DOCS, 'cookbook.md'), 'utf8')
  const questions = text.split(/^## /m).slice(1)

  it('has a dozen questions at least, each with who asks, how, and the trap', () => {
    expect(questions.length).toBeGreaterThanOrEqual(12)
    const lacking = questions.filter(
      (one) => !/^\*.+\*$/m.test(one) || !/^```(sh|graphql)$/m.test(one) || !one.includes('**The trap.**'),
    )
    expect(lacking.map((one) => one.split('\n')[0])).toEqual([])
  })

  it('shows answers of the shape that the question has', async () => {
    const pairs = questions.flatMap((one) => {
      const query = /^```graphql\n(.*?)^```/ms.exec(one)?.[1]
      const shown = /^```json\n(.*?)^```/ms.exec(one)?.[1]
      return query === undefined || shown === undefined ? [] : [{ query, shown }]
    })
    expect(pairs.length).toBeGreaterThan(10)
    for (const { query, shown } of pairs) {
      const words = new Set(query.match(/\w+/g))
      const keys = Object.keys(flat(JSON.parse(shown.replaceAll(/,\s*…/g, ''))))
      expect([query, keys.filter((key) => !words.has(key))]).toEqual([query, []])
    }
  })
})

describe('the tutorials', () => {
  it('have the same commands and programs in both languages', () => {
    for (const language of ['sh', 'graphql', 'python', 'ts', 'json']) {
      expect(blocksOf('tutorial.fr.md', language)).toEqual(blocksOf('tutorial.md', language))
    }
  })
})

/** All keys of a value, however deep. */
function flat(value: unknown): Record<string, true> {
  if (Array.isArray(value)) return Object.assign({}, ...value.map(flat))
  if (typeof value !== 'object' || value === null) return {}
  return Object.assign({}, ...Object.entries(value).flatMap(([key, inner]) => [{ [key]: true }, flat(inner)]))
}
