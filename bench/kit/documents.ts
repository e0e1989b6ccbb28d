import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../../core/store/open.ts'

/** A question as the load asks it: one text, and the variables of each case in turn. */
export interface Question {
  readonly query: string
  /** The first is the one whose answer is cached, and sent raw. */
  readonly cases: readonly Readonly<Record<string, string>>[]
}

/** How many cases are asked in turn: many, so that nobody answers from what was asked before. */
const CASES = 400

/** A commune, its EPCI and département, its population and its pupils: three owners. */
const POINT = `query Point($code: ID!) {
  commune(code: $code) {
    code
    name
    epci { code name }
    departement { code name }
    population { value status }
    schoolEnrolment { schoolYear primary { value status } }
  }
}`

/** The communes of a département, each with population, EPCI and pupils. */
const LIST = `query List($departement: ID!) {
  departement(code: $departement) {
    name
    communes(first: 1000) {
      totalCount
      nodes {
        code
        name
        population { value }
        epci { name }
        schoolEnrolment { primary { value status } }
      }
    }
  }
}`

/** One commune, over those of a store. @param count how many of them are asked in turn. */
export function pointOf({ atlas: { current } }: Store, count = CASES): Question {
  const communes = current.ofTier('COMMUNE').filter(({ epci }) => epci !== -1)
  const cases = spaced(communes, count).map(({ code }) => ({ code }))
  return { query: POINT, cases: [{ code: '35238' }, ...cases] }
}

/** The communes of a département: Ille-et-Vilaine, and in turn those of about as many communes, all of them in an EPCI. */
export function listOf({ atlas: { current } }: Store): Question {
  const usual = current.ofTier('DEPARTEMENT').filter((departement) => {
    const communes = current.communesOf(departement)
    return communes.length >= 270 && communes.length <= 400 && communes.every(({ epci }) => epci !== -1)
  })
  const cases = usual.map(({ code }) => ({ departement: code as string }))
  return {
    query: LIST,
    cases: [{ departement: '35' }, ...cases.filter((one) => one.departement !== '35')],
  }
}

/** The five tiers with their totals: `operations/enrolment-by-tier.graphql`. */
export function totalOf({ atlas: { current } }: Store): Question {
  const query = readFileSync(join(import.meta.dirname, '..', '..', 'operations', 'enrolment-by-tier.graphql'), 'utf8')
  const communes = current.ofTier('COMMUNE').filter(({ epci }) => epci !== -1)
  const codeAt = (position: number): string => current.at(position).code
  const cases = spaced(communes, CASES).map(({ code, epci, departement, region }) => ({
    commune: code as string,
    epci: codeAt(epci),
    departement: codeAt(departement),
    region: codeAt(region),
  }))
  return { query, cases: [{ commune: '35238' }, ...cases] }
}

/**
 * What people type into `operations/search.graphql`, each text once: the beginnings of names, of two letters and more, names in
 * full, and one in eight with a letter left out.
 */
export function typeaheadOf({ atlas: { current } }: Store): Question {
  const names = spaced(current.ofTier('COMMUNE'), 2000).map(({ name }) => name.toLowerCase())
  const typed = names.map((name, place) => {
    if (place % 8 === 7) return `${name.slice(0, 4)}${name.slice(5)}`
    return place % 4 === 3 ? name : name.slice(0, 2 + (place % 7))
  })
  const query = readFileSync(join(import.meta.dirname, '..', '..', 'operations', 'search.graphql'), 'utf8')
  return { query, cases: [...new Set(['rennes', ...typed])].map((text) => ({ text })) }
}

function spaced<Item>(items: readonly Item[], count: number): readonly Item[] {
  const step = Math.max(1, Math.floor(items.length / count))
  return items.filter((_, position) => position % step === 0).slice(0, count)
}
