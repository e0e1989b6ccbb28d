/** Random questions: an operation that has a table, with variables some of which cannot be answered. */
import fc from 'fast-check'
import { readOperations } from '../../gateway/doors/operations/operation.ts'

export type Variables = Readonly<Record<string, string | number | undefined>>

/** Ids of every tier, and some that are none. */
const PLACES = [
  'commune:35238',
  'commune:35288',
  'commune:35112',
  'commune:22168',
  'commune:2A004',
  'commune:75112',
  'commune:99999',
  'epci:243500139',
  'epci:200068989',
  'departement:35',
  'departement:975',
  'region:53',
  'nation:FR',
  'grouping:academie-14',
  'Rennes',
]

/** What variables may be, by name; some of it cannot be answered, and every door has to say so. */
const VALUES: Readonly<Record<string, fc.Arbitrary<string | number>>> = {
  id: fc.constantFrom(...PLACES),
  commune: fc.constantFrom('35238', '35360', '22168', '00000'),
  epci: fc.constantFrom('243500139', '200068989'),
  departement: fc.constantFrom('35', '22', '2A', '75'),
  region: fc.constantFrom('53', '94', '11'),
  schoolYear: fc.constantFrom(2020, 2021, 2022, 1600),
  from: fc.constantFrom(2019, 2021, 2022),
  to: fc.constantFrom(2021, 2022, 2024),
  geography: fc.constantFrom(2019, 2024, 2026, 2000),
  at: fc.constantFrom(2019, 2026),
  kind: fc.constantFrom('ECOLE', 'COLLEGE', 'LYCEE'),
  first: fc.constantFrom(1, 3, 1000),
  lat: fc.constantFrom(48.1, 48.65, 91),
  lon: fc.constantFrom(-1.68, -2.02),
  radiusKm: fc.constantFrom(5, 60),
  measure: fc.constantFrom('pupils-primary', 'pupils-lower-secondary', 'population-municipale', 'pupils'),
  verdict: fc.constantFrom('AGREES', 'EXPLAINED'),
  text: fc.constantFrom('renn', 'paris 12', '35000', 'bretagne', 'zzzzzz'),
  tier: fc.constantFrom('COMMUNE', 'EPCI', 'REGION', 'NATION'),
  within: fc.constantFrom('region:53', 'departement:35', 'nation:FR', 'commune:35238'),
  order: fc.constantFrom('ASC', 'DESC'),
  code: fc.constantFrom('35', '22', '99'),
}

/** Operations with a table of which all variables are known above; `after` is left alone. */
const TABLES = readOperations().filter(({ rows }) => rows.length > 0)

/** A question and its variables. */
export const randomQuestions = fc.constantFrom(...TABLES).chain((operation) => {
  const names = operation.definition.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  const known = names.filter((name) => VALUES[name] !== undefined)
  const variables = Object.fromEntries(known.map((name) => [name, VALUES[name] ?? fc.constant('')]))
  return fc.record({ operation: fc.constant(operation), variables: fc.record(variables, { requiredKeys: [] }) })
})
