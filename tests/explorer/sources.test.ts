import { describe, expect, it } from 'vitest'
import { byCoverage, memberTiers } from '../../gateway/explorer/sources/members.js'
import { askPages } from '../../gateway/explorer/sources/pages.js'
import { byOwner, isEverywhere } from '../../gateway/explorer/sources/registry.js'
import { SAID } from '../../gateway/explorer/words/said.js'
import { ownershipOf } from '../../core/observations/ownership.ts'
import { findDescriptors } from '../../pipeline/descriptors.ts'

describe('the registry of owners', () => {
  const rule = (measure: string, id: string) => ({ measure, owner: { id } })

  it('puts the owners in the order of the tiers, and leaves their rules in theirs', () => {
    const rules = [rule('a', 'national'), rule('b', 'commune'), rule('c', 'elsewhere'), rule('d', 'commune')]
    expect(byOwner(rules).map(({ owner, rules: own }) => [owner, own.map(({ measure }) => measure).join('')])).toEqual([
      ['commune', 'bd'],
      ['national', 'a'],
      ['elsewhere', 'c'],
    ])
  })

  it('calls a measure served everywhere only when no tier is left out', () => {
    expect(isEverywhere(['NATION', 'REGION', 'DEPARTEMENT', 'EPCI', 'COMMUNE', 'GROUPING'])).toBe(true)
    expect(isEverywhere(['NATION', 'REGION', 'DEPARTEMENT', 'COMMUNE'])).toBe(false)
  })
})

describe('the members of a territory', () => {
  it('are communes of a département and an EPCI, départements or régions of the nation, and none of a commune', () => {
    expect(memberTiers('departement:35')).toEqual(['COMMUNE'])
    expect(memberTiers('epci:243500139')).toEqual(['COMMUNE'])
    expect(memberTiers('nation:FR')).toEqual(['DEPARTEMENT', 'REGION'])
    expect(memberTiers('commune:35238')).toEqual([])
  })

  const member = (name: string, status: string, value: number | null, reported?: number, expected = 4) => ({
    territory: { id: `commune:${name}`, name },
    observation: {
      value,
      status,
      coverage: reported === undefined ? null : { expected, reported, share: reported / expected },
    },
  })
  const names = (members: readonly { readonly territory: { readonly name: string } }[]) =>
    members.map(({ territory }) => territory.name)

  it('come by their coverage: without any value first, then the least covered, names deciding', () => {
    const { lacking } = byCoverage([
      member('Trois', 'PARTIAL', 9, 3),
      member('Zed', 'PARTIAL', 5, 2),
      member('Âne', 'PARTIAL', 5, 2),
      member('Rien', 'SOURCE_UNAVAILABLE', null),
    ])
    expect(names(lacking)).toEqual(['Rien', 'Âne', 'Zed', 'Trois'])
  })

  it('are whole with all contributors, beside the question where there is nothing to give, and lacking when their owner is down', () => {
    const { lacking, whole, beside } = byCoverage([
      member('Entier', 'NORMAL', 9, 4),
      member('Zéro', 'NORMAL', 0),
      member('Ailleurs', 'OUT_OF_SCOPE', null),
      { territory: { id: 'commune:x', name: 'Muet' }, observation: null },
      member('Secret', 'SUPPRESSED', null, 4),
    ])
    expect([names(lacking), names(whole), names(beside)]).toEqual([
      ['Muet', 'Secret'],
      ['Entier', 'Zéro'],
      ['Ailleurs'],
    ])
  })
})

describe('the pages of a list', () => {
  const pages = [
    { nodes: ['a', 'b'], totalCount: 5, pageInfo: { hasNextPage: true, endCursor: 'b' } },
    { nodes: ['c', 'd'], totalCount: 5, pageInfo: { hasNextPage: true, endCursor: 'd' } },
    { nodes: ['e'], totalCount: 5, pageInfo: { hasNextPage: false, endCursor: 'e' } },
  ]
  const answered = <T>(data: T) => ({ state: 'answered' as const, data, errors: [], simulated: false, version: null })
  const after = (cursor: string | null) => answered(pages[cursor === null ? 0 : cursor === 'b' ? 1 : 2]!)
  const nodes = (asked: { readonly pages: readonly { readonly nodes: readonly string[] }[] }) =>
    asked.pages.flatMap((page) => page.nodes).join('')

  it('are all asked, each after the cursor of the one before', () => {
    const all = askPages(after, (page) => page)
    expect([nodes(all), all.hasMore]).toEqual(['abcde', false])
  })

  it('end where no more are wanted, and where one has not come yet', () => {
    const two = askPages(after, (page) => page, 2)
    expect([nodes(two), two.hasMore]).toEqual(['abcd', true])
    const loading = askPages<(typeof pages)[number], (typeof pages)[number]>(
      (cursor) => (cursor === null ? after(null) : { state: 'loading' }),
      (page) => page,
    )
    expect([nodes(loading), loading.asked.state]).toEqual(['ab', 'loading'])
  })
})

describe('the French of what the data says in English', () => {
  it('is there for each owner, producer, publisher, note and description of the datasets', async () => {
    const descriptors = await findDescriptors()
    const said = [
      ...ownershipOf(descriptors).flatMap(({ owner, note }) => [owner.name, owner.producer, owner.publisher, note]),
      ...descriptors.flatMap(({ descriptor: { description, roles } }) => [
        description,
        roles.competent,
        roles.producer,
        roles.publisher,
      ]),
    ]
    const without = said.filter((text) => typeof text === 'string' && SAID[text] === undefined)
    expect([...new Set(without)]).toEqual([])
  })
})
