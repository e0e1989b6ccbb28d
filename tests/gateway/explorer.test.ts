import { createHash } from 'node:crypto'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NAVIGATION } from '../../gateway/doors/navigation.ts'
import { startFederation, type Federation } from '../federation/federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation.close())

const get = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const response = await federation.app.handle({ method: 'GET', url, headers })
  return { ...response, text: Buffer.from(response.body).toString() }
}
const PAGES = ['/', '/map', '/compare', '/sources']
/** The addresses of files that a page names. */
const filesOf = (page: string): readonly string[] => [
  ...new Set([...page.matchAll(/(?:src|href)="(\/explorer\/[^"]+)"/g)].map(([, address = '']) => address)),
]

describe('the pages of the explorer', () => {
  it.each(PAGES)('%s is one page whose policy allows its own files and nothing written in it', async (path) => {
    const { status, headers, text } = await get(path)
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = `${headers['content-security-policy']}`
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const inline = [...text.matchAll(/<script[^>]*>([^<]+)<\/script>/g)].map(([, body = '']) => body)
    expect(inline).toHaveLength(1)
    expect(policy).toContain(
      `'sha256-${createHash('sha256')
        .update(inline[0] ?? '')
        .digest('base64')}'`,
    )
    expect(text).not.toMatch(/ on\w+=| style=|<style/)
  })

  it('are in French, unless English is asked for in the address', async () => {
    const french = await get('/', { 'accept-language': 'en' })
    expect(french.text).toContain('<html lang="fr">')
    expect((await get('/?lang=en')).text).toContain('<html lang="en">')
  })

  it('lead to the other language with all that the address says, written so that it says nothing else', async () => {
    const { text } = await get('/map?t=departement:35&x="><script>')
    expect(text).toContain('/map?t=departement%3A35&amp;x=%22%3E%3Cscript%3E&amp;lang=en')
  })

  it('mark the one that is shown, among those that there are', async () => {
    for (const path of PAGES) {
      const { text } = await get(path)
      expect(text.match(/href="[^"]+" aria-current="page"/g)).toEqual([`href="${path}" aria-current="page"`])
    }
    for (const { path } of NAVIGATION) {
      expect((await get(path, { accept: 'text/html' })).status, path).toBe(200)
    }
  })

  it('are answered with 304 to one who has them', async () => {
    const { headers } = await get('/compare')
    expect((await get('/compare', { 'if-none-match': `${headers['etag']}` })).status).toBe(304)
  })
})

describe('the files of the explorer', () => {
  it('are all there that a page and its modules name, with their type, to be kept for good', async () => {
    const seen = new Set<string>()
    const follow = async (address: string): Promise<void> => {
      if (seen.has(address)) return
      seen.add(address)
      const { status, headers, text } = await get(address)
      expect(status, address).toBe(200)
      expect(headers['cache-control']).toContain('immutable')
      if (!address.endsWith('.js') || address.includes('/vendor/')) return
      expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
      for (const [, path = ''] of text.matchAll(/(?:from|import\()\s*'(\.[^']+\.js)'/g))
        await follow(new URL(path, `http://here${address}`).pathname)
    }
    for (const path of PAGES) for (const file of filesOf((await get(path)).text)) await follow(file)
    const { text } = await get('/')
    const { imports } = JSON.parse(/importmap">([^<]+)</.exec(text)?.[1] ?? '') as { imports: Record<string, string> }
    for (const address of Object.values(imports)) await follow(address)
    expect(seen.size).toBeGreaterThan(30)
  })

  it('weigh less than 150 KB for a first view, packed as a browser asks for it', async () => {
    const page = await get('/')
    let bytes = page.body.length
    for (const file of filesOf(page.text)) {
      const { headers, body } = await get(file, { 'accept-encoding': 'gzip, deflate, br' })
      expect(headers['content-encoding']).toBe('br')
      bytes += body.length
    }
    expect(bytes).toBeLessThan(150_000)
  })

  it('are the same packed and plain', async () => {
    const [file = ''] = filesOf((await get('/')).text)
    const packed = await get(file, { 'accept-encoding': 'br' })
    expect(brotliDecompressSync(packed.body).toString()).toBe((await get(file)).text)
  })

  it('have no other address: what is none of them is no file', async () => {
    const [file = ''] = filesOf((await get('/')).text)
    const folder = file.split('/').slice(0, 3).join('/')
    for (const address of [
      '/explorer/main.js',
      '/explorer/000000000000/main.js',
      `${folder}/../../app.ts`,
      `${folder}/%2e%2e/app.ts`,
      `${folder}/tsconfig.json`,
      `${folder}/`,
    ]) {
      const { status, text } = await get(address)
      expect(status, address).toBe(404)
      expect(JSON.parse(text)).toMatchObject({ status: 404 })
    }
  })
})
