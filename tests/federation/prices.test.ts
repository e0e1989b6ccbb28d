/** What is cheap in points is cheap to answer: questions that once were not, through the gateway. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

/** Points cost at most about 0.1 ms of CPU; a shared machine gets time to spare. */
const CPU_MS_A_POINT = 0.4
/** Preparing a document, which is paid by its selections. */
const PREPARING_MS = 60

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
  // What is read once for a version of the data, and code that was never run, is no part of the price.
  for (const [, query] of QUESTIONS) await federation.ask(query)
})
afterAll(() => federation?.close())

const aliases = (count: number, field: (position: number) => string): string =>
  Array.from({ length: count }, (_, position) => `a${position}: ${field(position)}`).join(' ')

const QUESTIONS: readonly (readonly [string, string])[] = [
  [
    'peers of each commune overseas, more than there are',
    `{ ranking(measure: "population-municipale", tier: COMMUNE, within: "grouping:drom", first: 129) { nodes { territory {
      a: peers(first: 1000) { rule } b: peers(first: 999) { reason } c: peers(first: 998) { rule } } } } }`,
  ],
  [
    'ranks in years that nobody gives',
    `{ commune(code: "35238") { ${aliases(20, (position) => `rank(measure: "pupils-primary-per-1000-inhabitants", schoolYear: ${2060 + position}) { position }`)} } }`,
  ],
  [
    'ranks within half of the country',
    `{ commune(code: "35238") { ${aliases(20, (position) => `rank(measure: "population-municipale", within: "grouping:metropole", order: ${position % 2 ? 'ASC' : 'DESC'}, schoolYear: ${2016 + (position >> 1)}) { position quartiles { q1 } }`)} } }`,
  ],
  [
    'rankings of years that nobody gives',
    `{ ${aliases(20, (position) => `ranking(measure: "pupils-primary", tier: COMMUNE, schoolYear: ${2070 + position}, first: 1) { totalCount }`)} }`,
  ],
  [
    'pages of those without a value',
    `{ ranking(measure: "pupils-primary", tier: COMMUNE, schoolYear: 2050, first: 1) { ${aliases(29, (position) => `unranked(first: ${position}) { statuses { count } }`)} } }`,
  ],
  [
    'searches for one letter and a département',
    `{ ${aliases(20, (position) => `search(text: "${'acdefghijklmnoprstuv'[position]} 93", first: 1) { label }`)} }`,
  ],
]

describe('the price', () => {
  it.each(QUESTIONS)('covers %s', async (name, query) => {
    const before = process.cpuUsage()
    const { errors, extensions } = await federation.ask(query)
    const { user, system } = process.cpuUsage(before)
    expect(errors).toBeUndefined()
    const cpuMs = (user + system) / 1000
    console.log(`${name}: ${extensions.cost.requested} points, ${cpuMs.toFixed(0)} ms of CPU`)
    expect(cpuMs).toBeLessThan(PREPARING_MS + CPU_MS_A_POINT * extensions.cost.requested)
  })
})
