/** What holds of every territory: what names it beyond doubt finds it first. Of communes, every thirtieth is asked for. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { TIERS, type Tier } from '../../core/territories/code.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import { labelOf } from '../../subgraphs/national/search/label.ts'
import { createSearch, type Search } from '../../subgraphs/national/search/search.ts'
import { fixtureStore } from '../fixtures/store.ts'

let territories: Territories
let search: Search
beforeAll(async () => {
  const store = (await openStore(await fixtureStore(), ['national'])).reader('national')
  territories = store.territories
  search = createSearch(store)
})

const sampleOf = (tier: Tier): readonly Territory[] =>
  territories.ofTier(tier).filter((_, position) => tier !== 'COMMUNE' || position % 30 === 0)

/** Those that a text made of them does not find among so many first. */
function missed(tier: Tier, textOf: (territory: Territory) => string, first = 1): readonly string[] {
  const sample = sampleOf(tier)
  expect(sample.length).toBeGreaterThan(0)
  return sample
    .map((territory) => ({ territory, text: textOf(territory) }))
    .filter(({ territory, text }) => !search({ text, first }).some((hit) => hit.territory === territory))
    .map(({ text }) => text)
}

describe.each(TIERS)('any %s', (tier) => {
  it('is found first by its id', () => {
    expect(missed(tier, ({ id }) => id)).toEqual([])
  })

  it('is found first by its label, and no other has the same', () => {
    expect(missed(tier, (territory) => labelOf(territory, territories))).toEqual([])
    const labels = territories.ofTier(tier).map((territory) => labelOf(territory, territories))
    expect(new Set(labels).size).toBe(labels.length)
  })

  it('is found only where its tier is asked for', () => {
    const others = TIERS.filter((other) => other !== tier)
    const [{ id }] = sampleOf(tier) as [Territory]
    expect(search({ text: id, tiers: others, first: 5 })).toEqual([])
  })
})

describe('a code', () => {
  it.each(['COMMUNE', 'EPCI'] as const)('leads with its name, on either side, to the %s that has it', (tier) => {
    expect(missed(tier, ({ code, name }) => `${code} ${name}`)).toEqual([])
    expect(missed(tier, ({ code, name }) => `${name} (${code})`)).toEqual([])
  })

  it('leads with its name to a département, or to the commune that is all of it', () => {
    expect(missed('DEPARTEMENT', ({ code, name }) => `${code} - ${name}`, 2)).toEqual([])
    expect(missed('DEPARTEMENT', ({ code, name }) => `${name} (${code})`, 2)).toEqual([])
  })

  it.each([
    ['commune', 'COMMUNE'],
    ['insee', 'COMMUNE'],
    ['siren', 'EPCI'],
    ['département', 'DEPARTEMENT'],
    ['région', 'REGION'],
  ] as const)('leads after the word %s to the %s that has it', (word, tier) => {
    expect(missed(tier, ({ code }) => `${word} ${code}`)).toEqual([])
  })
})

describe('an EPCI named Grand, Pays or Val', () => {
  it('is found with an article before it', () => {
    const names = sampleOf('EPCI').filter(({ name }) => /^C[ACU] (Grand|Pays|Val) /.test(name))
    const absent = names.filter((territory) => {
      const [plain = ''] = territory.name.slice(3).split(' (')
      return !search({ text: `le ${plain}`, first: 10 }).some((hit) => hit.territory === territory)
    })
    expect(names.length).toBeGreaterThan(20)
    expect(absent.map(({ name }) => name)).toEqual([])
  })
})
