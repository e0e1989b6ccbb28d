import { ask } from '../ask.js'

/**
 * @import { ChoroplethQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { Asked } from '../answers.d.ts'
 * @typedef {Extract<Asked<'choropleth'>, { state: 'answered' }>} Answered
 * @typedef {NonNullable<ChoroplethQuery['ranking']>} Ranking
 * @typedef {NonNullable<NonNullable<NonNullable<Ranking['members']>['nodes']>[number]>} Node
 * @typedef {Node & { readonly territory: NonNullable<Node['territory']> }} Member a member that is there, with its territory
 */

/** How many are asked at once: a question costs what it may answer, and few territories have more members. @type {Readonly<Record<string, number>>} */
export const FIRST = { REGION: 20, DEPARTEMENT: 110, EPCI: 400, COMMUNE: 400 }

/** No more pages than this: a région has ten of communes at most. */
const PAGES = 20

/**
 * One measure of all members of a territory, page after page; loading until all are there.
 * @param {{ within: string, tier: string, measure: string, schoolYear: number | null }} question
 * @returns {Asked<'choropleth'>}
 */
export function askMembers(question) {
  /** @type {Answered[]} */
  const pages = []
  /** @type {string | null} */
  let after = null
  do {
    /** @type {Asked<'choropleth'>} */
    const asked = ask('choropleth', { ...question, first: FIRST[question.tier] ?? 400, after })
    if (asked.state !== 'answered') return asked
    pages.push(asked)
    /** @type {{ hasNextPage: boolean, endCursor?: string | null } | undefined} */
    const info = asked.data.ranking?.members?.pageInfo
    after = info?.hasNextPage ? (info.endCursor ?? null) : null
  } while (after !== null && pages.length < PAGES)
  return together(pages)
}

/** Pages put together are kept by the last of them: what is shown is drawn often. @type {WeakMap<Answered, Answered>} */
const known = new WeakMap()

/** @param {Answered[]} pages @returns {Asked<'choropleth'>} */
function together(pages) {
  const [first] = pages
  const last = pages.at(-1)
  if (!first || !last) return { state: 'loading' }
  const { ranking } = first.data
  if (pages.length === 1 || !ranking?.members) return first
  const found = known.get(last)
  if (found) return found
  const nodes = pages.flatMap(({ data }) => data.ranking?.members?.nodes ?? [])
  /** @type {Answered} */
  const all = {
    ...first,
    errors: pages.flatMap(({ errors }) => errors),
    data: { ...first.data, ranking: { ...ranking, members: { ...ranking.members, nodes } } },
  }
  known.set(last, all)
  return all
}

/** The members of an answer that are there. @param {ChoroplethQuery['ranking']} ranking @returns {readonly Member[]} */
export function membersOf(ranking) {
  const nodes = ranking?.members?.nodes ?? NONE
  const found = present.get(nodes)
  if (found) return found
  const members = nodes.filter(isThere)
  present.set(nodes, members)
  return members
}

/** @param {Node | null} node @returns {node is Member} */
const isThere = (node) => node !== null && node.territory !== null

/** @type {readonly Member[]} */
const NONE = []

/** @type {WeakMap<object, readonly Member[]>} */
const present = new WeakMap()
