import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDocsDoor } from '../../gateway/doors/docs/door.ts'
import { readLibrary } from '../../gateway/doors/docs/library.ts'
import { renderMarkdown } from '../../gateway/doors/docs/render.ts'
import { readOperations } from '../../gateway/doors/operations/operation.ts'
import { NAVIGATION, shownIn } from '../../gateway/doors/navigation.ts'
import type { AppResponse } from '../../gateway/http/message.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const library = readLibrary()
const door = createDocsDoor(() => library)

function get(path: string, headers: Record<string, string> = { 'accept-language': 'fr' }): AppResponse {
  return door.answer({ request: { method: 'GET', url: path, headers }, url: new URL(path, 'http://gateway') })
}
/** What a page is made of; each is read once. */
const pagesRead = new Map<string, { readonly html: string; readonly ids: ReadonlySet<string> }>()
function read(path: string): { readonly html: string; readonly ids: ReadonlySet<string> } {
  const known = pagesRead.get(path)
  if (known) return known
  const html = String(Buffer.from(get(path).body))
  const page = { html, ids: new Set(idsOf(html)) }
  pagesRead.set(path, page)
  return page
}
const bodyOf = (path: string): string => read(path).html
const idsOf = (html: string): readonly string[] => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id)
const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
const linksOf = (html: string): readonly string[] =>
  [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link = '']) => unescaped(link))

const names = [...new Set(library.documents.map(({ name }) => name)), 'decisions/']
const pages = names.flatMap((name) => [`/docs/${name}`, `/docs/${name}?lang=en`])

describe('every page of the documentation', () => {
  const operations = new Set(readOperations().map(({ name }) => name))
  const site = new Set<string>(NAVIGATION.map(({ path }) => path))
  /** What else of this service the texts may name. */
  const served = /^\/(graphiql|mcp|v1\/feeds\/|v1\/[\w-]+\.schema\.json)?$/

  it('is one of many: the documents, the decisions, some from elsewhere in the repository', () => {
    for (const name of [
      '',
      'tutorial',
      'concepts',
      'cookbook',
      'schema',
      'readme',
      'decisions/0031-docs',
      'typescript',
    ])
      expect(names).toContain(name)
  })

  it.each(pages)('%s has one title, ids that are unique, and nothing that the policy forbids', (path) => {
    const { status, headers } = get(path)
    const html = bodyOf(path)
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(html.match(/<h1[ >]/g)).toHaveLength(1)
    const ids = idsOf(html)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(html).not.toMatch(/<script|<[^>]+ style=|<[^>]+ on\w+=|<link|javascript:/i)
    expect(html.match(/<pre(?! tabindex="0" role="region" aria-label=")/g)).toBeNull()
    expect(html.match(/<table>/g)?.length ?? 0).toBe(html.match(/<div class="table" role="region"/g)?.length ?? 0)
  })

  it.each(pages)('%s has links that lead somewhere, anchors included', (path) => {
    const dead = linksOf(bodyOf(path)).filter((link) => {
      if (/^https?:\/\//.test(link) || link.startsWith('?')) return false
      const target = new URL(link, `http://gateway${path}`)
      const { pathname, hash } = target
      if (pathname.startsWith('/docs/')) {
        const there = `${pathname}${target.search}`
        if (get(there).status !== 200) return true
        return hash !== '' && !read(there).ids.has(decodeURIComponent(hash.slice(1)))
      }
      if (pathname === '/v1/' && hash !== '') return !operations.has(hash.slice(1))
      return !site.has(pathname) && !served.test(pathname)
    })
    expect(dead).toEqual([])
  })

  it('stands in the index, in both languages, or is a decision', () => {
    for (const language of ['fr', 'en']) {
      const listed = linksOf(bodyOf(`/docs/?lang=${language}`)).map((link) => link.split('?')[0])
      const lost = names.filter((name) => !/^decisions\/./.test(name) && !listed.includes(`/docs/${name}`))
      expect([language, lost]).toEqual([language, []])
    }
    const decisions = linksOf(bodyOf('/docs/decisions/'))
    expect(names.filter((name) => /^decisions\/./.test(name) && !decisions.includes(`/docs/${name}`))).toEqual([])
  })

  it('says where one is: among the pages of the service, and among the documents', () => {
    const html = bodyOf('/docs/concepts')
    expect(html).toContain('<a href="/docs/?lang=fr" aria-current="page">Documentation</a>')
    expect(html).toContain('<a href="/docs/concepts" aria-current="page">')
    expect(html).toContain('<a class="skip" href="#page-content">')
    for (const { path } of NAVIGATION) expect(html).toContain(`<a href="${shownIn(path, 'fr')}"`)
  })
})

describe('the language of the documentation', () => {
  it('is French unless asked otherwise, and the links keep what the address asks', () => {
    expect(bodyOf('/docs/tutorial')).toMatch(/<html lang="fr">[^]*<h1 id="[^"]*">Dix minutes avec Strates/)
    const english = bodyOf('/docs/tutorial?lang=en')
    expect(english).toMatch(/<html lang="en">[^]*<h1 id="[^"]*">Ten minutes with Strates/)
    expect(english).toContain('<a href="/docs/cookbook?lang=en">')
    expect(english).toContain('<a href="/docs/tutorial?lang=fr">Version française</a>')
    expect(String(Buffer.from(get('/docs/tutorial', { 'accept-language': 'en' }).body))).toContain('<html lang="en">')
  })

  it('that the browser chose goes along to the other pages', () => {
    const english = String(Buffer.from(get('/docs/tutorial', { 'accept-language': 'en' }).body))
    for (const address of ['/?lang=en', '/map?lang=en', '/status?lang=en'])
      expect(english).toMatch(new RegExp(`<a (class="brand" )?href="${address.replace('?', '\\?')}">`))
    expect(bodyOf('/docs/tutorial')).toMatch(/<a href="\/map">[^]*<a href="\/status\?lang=fr">/)
  })

  it('is told where a text exists in English only', () => {
    expect(bodyOf('/docs/cookbook')).toMatch(/<html lang="fr">[^]*n’existe qu’en anglais[^]*<article lang="en">/)
    expect(bodyOf('/docs/cookbook?lang=en')).not.toContain('<article lang=')
  })
})

describe('asking for a document', () => {
  it('again, with its tag, answers 304', () => {
    const { etag = '' } = get('/docs/concepts').headers
    expect(etag).toMatch(/^".+"$/)
    const again = get('/docs/concepts', { 'accept-language': 'fr', 'if-none-match': etag })
    expect([again.status, again.body, again.headers['etag']]).toEqual([304, '', etag])
    expect(get('/docs/concepts?lang=en', { 'if-none-match': etag }).status).toBe(200)
  })

  it('compressed gives the same text under another tag', () => {
    const packed = get('/docs/concepts', { 'accept-language': 'fr', 'accept-encoding': 'gzip, br' })
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-language, accept-encoding' })
    expect(gunzipSync(packed.body).toString()).toBe(bodyOf('/docs/concepts'))
    expect(packed.headers['etag']).not.toBe(get('/docs/concepts').headers['etag'])
  })

  it('that does not exist is a problem for a program, and a page that lists the others for a person', () => {
    const problem = get('/docs/nowhere', {})
    expect([problem.status, problem.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
    expect(JSON.parse(String(problem.body))).toMatchObject({
      code: 'UNKNOWN_DOCUMENT',
      expected: expect.arrayContaining(['tutorial']),
    })
    const page = get('/docs/<b>nowhere', { accept: BROWSER })
    expect([page.status, page.headers['content-language']]).toEqual([404, 'fr'])
    expect(page.body).toContain('href="/docs/tutorial"')
    expect(page.body).not.toContain('<b>')
    expect([problem, page].map(({ headers }) => headers['cache-control'])).toEqual(['no-store', 'no-store'])
  })

  it.each([
    '../package.json',
    '..%2Fpackage.json',
    '%2e%2e/package.json',
    '....//package.json',
    '/etc/passwd',
    'README.md',
    'nowhere/',
  ])('by a path gives nothing but what is listed: %s', (path) => {
    expect(
      door.answer({
        request: { method: 'GET', url: '', headers: {} },
        url: { pathname: `/docs/${path}`, searchParams: new URLSearchParams() } as URL,
      }).status,
    ).toBe(404)
  })

  it.each([
    ['tutorial.md', 'tutorial'],
    ['tutorial.fr.md', 'tutorial'],
    ['tutorial/?lang=en', 'tutorial?lang=en'],
    ['decisions', 'decisions/'],
    ['decisions/0031-docs.md', 'decisions/0031-docs'],
  ])('by the name of its file, or with a slash too many, leads to it: %s', (asked, meant) => {
    const { status, headers } = get(`/docs/${asked}`)
    expect([status, headers['location']]).toEqual([308, `/docs/${meant}`])
    expect(get(headers['location'] ?? '').status).toBe(200)
  })

  it('whose links name this service leads to the address at which it is read', () => {
    for (const path of ['/docs/readme', '/docs/readme?lang=en', '/docs/tutorial'])
      expect([path, linksOf(bodyOf(path)).filter((link) => link.includes('127.0.0.1:4000'))]).toEqual([path, []])
  })

  it('gives the drawing with its kind, and a policy that lets it bring its style only', () => {
    const { status, headers, body } = get('/docs/architecture.svg')
    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'$/,
    )
    expect(String(Buffer.from(body as Uint8Array))).toMatch(/<title[ >][^]*<desc[ >]/)
    expect(bodyOf('/docs/architecture')).toMatch(/<img src="\/docs\/architecture.svg" alt="[^"]{20,}">/)
  })
})

describe('a document', () => {
  const rendered = (text: string, language: 'fr' | 'en' = 'en') =>
    renderMarkdown(text, {
      language,
      resolve: (href) => (/^https?:/.test(href) ? href : undefined),
      words: { code: 'Code', table: 'Table', anchor: 'Link to' },
    })

  it('shows HTML as text', () => {
    const { html } = rendered(
      '# A\n\n<script>alert(1)</script>\n\nB <img src=x onerror=alert(1)> and `<i>`\n\n<div onclick="x">\n\n| a |\n|---|\n| one<br>two<b>three |',
    )
    expect(html).not.toMatch(/<(script|img|i|div onclick|b)\b/)
    expect(html).toContain('&lt;script&gt;')
    expect(html).toContain('one<br>two&lt;b&gt;three')
  })

  it('leads to the web and to what is served, and nowhere else', () => {
    const { html } = rendered(
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](../secret) [d](https://example.org/?a=1&b="2")',
    )
    expect(linksOf(html)).toEqual(['https://example.org/?a=1&b="2"'])
    expect(html).toContain('a b c ')
  })

  it('numbers headings that come again, as GitHub does', () => {
    expect(rendered('## Une école\n\n## `Query.x`: it?\n\n## Une école').headings.map(({ id }) => id)).toEqual([
      'une-école',
      'queryx-it',
      'une-école-1',
    ])
  })

  it('in French has blanks that do not break, but not in code', () => {
    expect(rendered("Qui : l'un ? `a : b'c`", 'fr').html).toBe(
      '<p>Qui\u00A0: l’un\u202F? <code>a : b&#39;c</code></p>\n',
    )
  })
})

describe('a folder of documents', () => {
  let root: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'strates-docs-'))
    await mkdir(join(root, 'docs', 'decisions'), { recursive: true })
    await mkdir(join(root, 'clients', 'typescript'), { recursive: true })
    await mkdir(join(root, 'operations'))
    for (const file of [
      'README.md',
      'README.fr.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'CHANGELOG.md',
      'clients/typescript/README.md',
      'operations/README.md',
    ])
      await writeFile(join(root, file), '# Elsewhere\n')
    await writeFile(join(root, 'docs', 'README.md'), '# Index\n\n## Group\n\n- [One](one.md): about it\n')
    await writeFile(join(root, 'docs', 'one.md'), '# One\n\n[gone](../core/thing.ts) [itself](#one)\n')
    await writeFile(join(root, 'docs', 'notes.txt'), 'not for the web')
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  it('shows its texts, and a file that is not served as words without a link', () => {
    const small = createDocsDoor(() => readLibrary(root))
    const of = (path: string) =>
      small.answer({ request: { method: 'GET', url: path, headers: {} }, url: new URL(path, 'http://gateway') })
    expect(String(Buffer.from(of('/docs/one').body))).toContain('<p>gone <a href="#one">itself</a></p>')
    expect(of('/docs/notes.txt').status).toBe(404)
  })
})
