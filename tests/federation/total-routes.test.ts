import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

/** Ways to a school enrolment; the text around a selection on it. */
const ROUTES = [
  ['{ commune(code: "35238") { ', ' } }'],
  ['{ epci(siren: "243500139") { ', ' } }'],
  ['{ departement(code: "35") { ', ' } }'],
  ['{ region(code: "53") { ', ' } }'],
  ['{ nation { ', ' } }'],
  ['{ territory(id: "epci:243500139") { ', ' } }'],
  ['{ commune(code: "35238") { epci { ', ' } } }'],
  ['{ commune(code: "35238") { nation { ', ' } } }'],
  ['{ departement(code: "35") { epcis(first: 3) { nodes { ', ' } } } }'],
  ['{ region(code: "53") { epcis(first: 3) { nodes { ', ' } } } }'],
  ['{ epci(siren: "243500139") { members(first: 3) { nodes { ', ' } } } }'],
  ['{ epci(siren: "243500139") { departements { ', ' } } }'],
] as const

/** What else a client may select beside the total; it must not change it. */
const BESIDE = [
  'primary { value status }',
  'lowerSecondary { value status }',
  'upperSecondary { value status notes }',
  'primary { value } lowerSecondary { value } upperSecondary { value }',
  'primary { notes provenance { datasetId } } lowerSecondary { notes provenance { datasetId } }',
  '',
]
const TOTALS = ['total { value }', 'total { value status notes }', 'total { value provenance { attribution } }']

/** The values of every total in an answer. */
const totalsIn = (answer: unknown): readonly unknown[] => {
  if (answer === null || typeof answer !== 'object') return []
  if ('total' in answer) return [(answer.total as { readonly value?: unknown } | null)?.value]
  return Object.values(answer).flatMap(totalsIn)
}

describe('the total of an enrolment', () => {
  it.each(ROUTES)('is the same whatever else is asked: %s…%s', async (before, after) => {
    const whole = await federation.get(
      `${before}schoolEnrolment(schoolYear: 2021) { id schoolYear total { value } }${after}`,
    )
    const expected = totalsIn(whole)
    expect(expected.length).toBeGreaterThan(0)
    for (const beside of BESIDE) {
      for (const total of TOTALS) {
        const query = `${before}schoolEnrolment(schoolYear: 2021) { ${beside} ${total} }${after}`
        expect([query, totalsIn(await federation.get(query))]).toEqual([query, expected])
      }
    }
  })
})

describe('the query of the README', () => {
  it.each(['README.md', 'README.fr.md'])('answers as it stands in %s', async (name) => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8')
    const query = text.split('```graphql\n')[1]?.split('```')[0] ?? ''
    const { epci } = await federation.get(query)
    expect(epci.population.value).toBe(480_178)
    const { primary, lowerSecondary, upperSecondary, total } = epci.schoolEnrolment
    expect(total.value).toBe(primary.value + lowerSecondary.value + upperSecondary.value)
    expect(primary.provenance).toMatchObject({ owner: { name: 'Communes' }, licence: { title: 'Licence Ouverte 2.0' } })
  })
})
