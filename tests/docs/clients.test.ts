import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type Service } from '../clients/service.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')
const run = promisify(execFile)

/** Whether a program is on this machine, and answers. */
const has = (program: string, ...args: string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  )

const [curl, python, pandas, r] = await Promise.all([
  has('curl', '--version'),
  has('python3', '--version'),
  has('python3', '-c', 'import pandas'),
  has('Rscript', '-e', 'library(readr); library(httr2); library(jsonlite)'),
])

/** How the examples of a language are run; those that need more than is there are left out. */
const LANGUAGES = {
  sh: { program: 'bash', file: 'example.sh', isThere: () => curl },
  python: {
    program: 'python3',
    file: 'example.py',
    isThere: (code: string) => python && (pandas || !code.includes('pandas')),
  },
  r: { program: 'Rscript', file: 'example.R', isThere: () => r },
} as const

type LanguageName = keyof typeof LANGUAGES

/** The examples of a page: the language, and the code. */
const examplesOf = (
  page: string,
): readonly { readonly language: LanguageName; readonly code: string; readonly name: string }[] =>
  [...readFileSync(join(DOCS, page), 'utf8').matchAll(/^```(sh|python|r)\n(.*?)^```/gms)].map(
    ([, language = 'sh', code = ''], index) => ({
      language: language as LanguageName,
      code,
      name: `${index + 1}, ${language}: ${code.trim().split('\n').at(-1)?.slice(0, 60)}`,
    }),
  )

let service: Service
let folder: string
beforeAll(async () => {
  service = await startService()
  folder = await mkdtemp(join(tmpdir(), 'strates-clients-'))
})
afterAll(async () => {
  await service?.close()
  await rm(folder, { recursive: true, force: true })
})

const HERE = 'http://127.0.0.1:4000'

describe('the pages on clients and tools', () => {
  const examples = [...examplesOf('clients.md'), ...examplesOf('recipes.md')]

  it('have examples in curl, Python and R', () => {
    const counts = Object.entries(Object.groupBy(examples, ({ language }) => language)).map(([language, found]) => [
      language,
      found.length,
    ])
    expect(Object.fromEntries(counts)).toEqual({ sh: 3, python: 4, r: 2 })
  })

  it.for(examples)('have an example that runs: $name', async ({ language, code }, { skip }) => {
    const { program, file, isThere } = LANGUAGES[language]
    skip(!isThere(code), `${program} is not here, or lacks what the example needs`)
    await writeFile(join(folder, file), code.replaceAll(HERE, service.url))
    service.seen()
    const { stdout } = await run(program, [file], { cwd: folder, timeout: 60_000 })
    const statuses = service.seen().map(({ response }) => response.status)
    expect(statuses.length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status !== 200 && status !== 304)).toEqual([])
    expect(stdout.trim()).not.toBe('')
    expect(stdout).not.toMatch(/"errors"|missing:/)
  })

  it('keep codes text, and says why a value is not there', async ({ skip }) => {
    const [example] = examples.filter(({ language, code }) => language === 'python' && code.includes('csv'))
    skip(!python, 'python3 is not here')
    const { stdout } = await run('python3', ['-c', example?.code.replaceAll(HERE, service.url) ?? ''])
    expect(stdout.trim().split('\n')).toContain('01 2021 None SOURCE_UNAVAILABLE')
  })

  it('keep them in a database too, where nothing is no zero', async ({ skip }) => {
    const example = examples.find(({ code }) => code.includes('sqlite3'))
    skip(!python, 'python3 is not here')
    const { stdout } = await run('python3', ['-c', example?.code.replaceAll(HERE, service.url) ?? ''], { cwd: folder })
    expect(stdout.trim().split('\n')).toContain("('01', 2021, None, 'SOURCE_UNAVAILABLE')")
  })

  it('name columns and questions that there are', async () => {
    const recipes = readFileSync(join(DOCS, 'recipes.md'), 'utf8')
    const { fields } = (await (await fetch(`${service.url}/v1/enrolment-series.schema.json`)).json()) as {
      fields: { name: string }[]
    }
    const named = [...recipes.matchAll(/\b(?:territory|primary)_\w+|\bschool_year\b/g)].map(([name]) => name)
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !fields.some((field) => field.name === name))).toEqual([])
    const routes = [...recipes.matchAll(/\/?v1\/([\w-]+)\.(?:csv|parquet|geojson)/g)].map(([, name = '']) => name)
    const known = await Promise.all(
      [...new Set(routes)].map(async (name) => [name, (await fetch(`${service.url}/v1/${name}.csv`)).status]),
    )
    expect(known).toEqual(known.map(([name]) => [name, 200]))
    expect(known.length).toBeGreaterThan(1)
  })

  it('have an example in TypeScript that names what the client has', async () => {
    const [, names = ''] =
      /import \{ (.*) \} from '@strates\/client'/.exec(readFileSync(join(DOCS, 'clients.md'), 'utf8')) ?? []
    const client = await import('../../clients/typescript/src/index.ts')
    expect(Object.keys(client)).toEqual(expect.arrayContaining(names.split(', ')))
  })
})

describe('the page of questions', () => {
  const page = readFileSync(join(DOCS, 'questions.md'), 'utf8')
  const examples = [...page.matchAll(/^curl -s '(.*)'$/gm)].map(([, url = '']) => url)

  it('has an example of each operation, by the addresses that /v1/ lists', async () => {
    const list = (await (await fetch(`${service.url}/v1/`)).json()) as {
      operations: { path: string; sha256Hash: string }[]
    }
    expect(list.operations.length).toBeGreaterThan(10)
    const pathOf = (url: string) => new URL(url).pathname.replace(/\.\w+$/, '')
    expect(examples.map(pathOf).toSorted()).toEqual(list.operations.map(({ path }) => path).toSorted())
    expect(list.operations.filter(({ sha256Hash }) => !page.includes(sha256Hash))).toEqual([])
  })

  it.each(examples)('has an example that answers: %s', async (url) => {
    // What has no default is left open.
    const response = await fetch(url.replace(HERE, service.url).replaceAll('…', 'Rennes'))
    expect(response.status).toBe(200)
    expect((await response.text()).split('\n').length).toBeGreaterThan(url.includes('.csv') ? 1 : 0)
  })
})
