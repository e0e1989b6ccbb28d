/** What people type finds what they mean: the corpus beside, over the whole country. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createSearch, type Search } from '../../subgraphs/national/search/search.ts'
import { fixtureStore } from '../fixtures/store.ts'

const QUERIES = readFileSync(join(import.meta.dirname, 'corpus.txt'), 'utf8')
  .split('\n')
  .filter((line) => line.includes(' | ') && !line.startsWith('#'))
  .map((line) => {
    const at = line.lastIndexOf(' | ')
    return { text: line.slice(0, at), id: line.slice(at + 3) }
  })

/** Those that the rule puts second, each with what it puts first. */
const SECOND: Readonly<Record<string, string>> = {
  'St Maur': 'commune:36202',
  perret: 'commune:22107',
  renes: 'commune:59497',
}

let search: Search
let ids: ReadonlySet<string>
beforeAll(async () => {
  const store = (await openStore(await fixtureStore(), ['national'])).reader('national')
  search = createSearch(store)
  ids = new Set(store.territories.all.map(({ id }) => id))
})

const found = (text: string): readonly string[] => search({ text, first: 5 }).map(({ territory }) => territory.id)

describe('the corpus', () => {
  it('holds at least two hundred texts, each once, for territories that there are', () => {
    expect(QUERIES.length).toBeGreaterThanOrEqual(200)
    expect(new Set(QUERIES.map(({ text }) => text)).size).toBe(QUERIES.length)
    expect(QUERIES.filter(({ id }) => !ids.has(id))).toEqual([])
  })

  it('holds what users of other typeaheads complain of', () => {
    const complaints = [
      'mer',
      'is',
      'y',
      "l'hay",
      'st etienne',
      'saint-etienne d',
      'paris 12',
      'aix',
      'rennes metropole',
      'paca',
      '35000',
      '97123',
    ]
    const texts = QUERIES.map(({ text }) => text)
    expect(complaints.filter((text) => !texts.includes(text))).toEqual([])
  })

  it('finds all within the first five', () => {
    expect(QUERIES.filter(({ text, id }) => !found(text).includes(id))).toEqual([])
  })

  it('finds at least 97 % first, and of the others what is known', () => {
    const others = QUERIES.filter(({ text, id }) => found(text)[0] !== id)
    expect(others.length / QUERIES.length).toBeLessThanOrEqual(0.03)
    expect(Object.fromEntries(others.map(({ text }) => [text, found(text)[0]]))).toEqual(SECOND)
  })
})
