import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  getIntrospectionQuery,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLNamedType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

/** Real questions to draw from, by the name of the argument. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'commune.code': ['"35238"', '"75056"', '"2A004"', '"35350"', '"49218"'],
  'departement.code': ['"35"', '"22"', '"2A"'],
  'region.code': ['"53"', '"11"'],
  'dataset.id': ['"population-municipale"'],
  siren: ['"243500139"', '"243500147"', '"200067932"'],
  id: ['"nation:FR"', '"departement:35"', '"commune:35238"', '"grouping:metropole"', '"epci:243500139"'],
  ids: ['["nation:FR", "commune:35238"]', '["region:53", "region:11", "epci:243500139"]'],
  uai: ['"0350001A"'],
  code: ['"35238"', '"35112"'],
  measures: ['["pupils-primary"]', '["pupils-primary", "population-municipale"]'],
  by: ['[SECTOR]', '[LEVEL]', '[LEVEL, SECTOR]', '[PRIORITY_EDUCATION, SEX]'],
  first: ['3', '40', '300'],
  'Day!': ['"2019-01-01"'],
  'epciChanges.from': ['2019'],
  'rank.measure': ['"pupils-primary"', '"population-municipale"'],
  'ranking.measure': ['"pupils-primary"'],
  'Tier!': ['DEPARTEMENT', 'EPCI'],
  lat: ['48.11'],
  lon: ['-1.68'],
  radiusKm: ['30'],
}

/** A selection on a type, as deep as is left; null where nothing can be asked. */
function selectionOf(type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  const { apiSchema } = federation
  if (isAbstractType(type)) {
    const possible = [...apiSchema.getPossibleTypes(type)]
    const types = fc.shuffledSubarray(possible, { minLength: 1, maxLength: Math.min(2, possible.length) })
    const parts = types.chain((some) =>
      fc.tuple(...some.map((one) => selectionOf(one, depth).map((set) => `... on ${one.name} ${set}`))),
    )
    return parts.map((some) => `{ __typename ${some.join(' ')} }`)
  }
  if (!isObjectType(type)) return fc.constant('')
  const fields = Object.values(type.getFields()).filter(
    (field) =>
      (depth > 1 || !isCompositeType(getNamedType(field.type))) &&
      field.args.every((arg) => !isRequired(arg) || valuesOf(field.name, arg).length > 0),
  )
  if (fields.length === 0) return fc.constant('{ __typename }')
  return fc
    .shuffledSubarray(fields, { minLength: 1, maxLength: Math.min(4, fields.length) })
    .chain((some) =>
      fc
        .tuple(
          ...some.map((field, index) =>
            fc
              .tuple(argumentsOf(field.name, field.args), selectionOf(getNamedType(field.type), depth - 1))
              .map(([given, set]) => `f${index}_${field.name}: ${field.name}${given} ${set}`),
          ),
        )
        .map((parts) => `{ ${parts.join(' ')} }`),
    )
}

const isRequired = ({ type, defaultValue }: GraphQLArgument) => String(type).endsWith('!') && defaultValue === undefined
const valuesOf = (field: string, { name, type }: GraphQLArgument) =>
  VALUES[`${field}.${name}`] ?? VALUES[name] ?? VALUES[String(type)] ?? []

function argumentsOf(field: string, args: readonly GraphQLArgument[]): fc.Arbitrary<string> {
  const given = args
    .filter((arg) => valuesOf(field, arg).length > 0)
    .map((arg) => {
      const value = fc.constantFrom(...valuesOf(field, arg)).map((text) => `${arg.name}: ${text}`)
      return isRequired(arg) ? value : fc.oneof(value, fc.constant(''))
    })
  return fc.tuple(...given).map((parts) => (parts.some(Boolean) ? `(${parts.filter(Boolean).join(', ')})` : ''))
}

/** What an answer holds, in points: its objects, and its values at a tenth. */
function pointsOf(value: unknown): number {
  if (Array.isArray(value)) return value.every(isLeaf) ? 0 : value.map(pointsOf).reduce((sum, one) => sum + one, 0)
  if (typeof value !== 'object' || value === null) return 0
  return (
    1 +
    Object.values(value)
      .map((one) => (isLeaf(one) ? 0.1 : pointsOf(one)))
      .reduce((sum, one) => sum + one, 0)
  )
}
const isLeaf = (value: unknown) => typeof value !== 'object' || value === null

describe('the estimated cost', () => {
  it('is never less than what comes back, of 300 questions over the whole schema', async () => {
    let asked = 0
    let withData = 0
    const questions = selectionOf(federation.apiSchema.getQueryType()!, 5)
    await fc.assert(
      fc.asyncProperty(questions, async (query) => {
        const { data, errors, extensions } = await federation.ask(query)
        asked += 1
        const codes = new Set(errors?.map(({ extensions: { code } }) => code))
        expect(codes, query).not.toContain('GRAPHQL_VALIDATION_FAILED')
        expect(codes, query).not.toContain('INTERNAL_SERVER_ERROR')
        if (!data) return
        withData += 1
        // The root is no object that anyone asked for.
        expect(extensions.cost.requested, query).toBeGreaterThanOrEqual(Math.round((pointsOf(data) - 1) * 10) / 10)
      }),
      { numRuns: 300, seed: 1 },
    )
    expect(withData / asked).toBeGreaterThan(0.5)
  })

  it.each([
    ['enrolment-by-tier.graphql', 100, 200],
    ['catalogue.graphql', 20, 100],
    ['status.graphql', 20, 100],
  ])('of operations/%s is from %i to %i', async (name, least, most) => {
    const { errors, extensions } = await federation.ask(await readFile(join(REPOSITORY, 'operations', name), 'utf8'))
    expect(errors).toBeUndefined()
    console.log(`${name} costs ${extensions.cost.requested}`)
    expect(extensions.cost.requested).toBeGreaterThanOrEqual(least)
    expect(extensions.cost.requested).toBeLessThanOrEqual(most)
  })

  it('lets a whole département of communes be asked at once, and its page be as large as it may', async () => {
    const communes = (first: number) =>
      `{ departement(code: "35") { communes(first: ${first}) { nodes { name population { value status } epci { name } schoolEnrolment { total { value status } } } } } }`
    const { errors, extensions } = await federation.ask(communes(1000))
    expect(errors).toBeUndefined()
    console.log(`a page of 1,000 communes costs ${extensions.cost.requested}`)
    expect(extensions.cost.requested).toBeLessThan(10_000)
  })

  it('lets tools ask for the schema, many times a minute', async () => {
    const { errors, extensions } = await federation.ask(getIntrospectionQuery())
    expect(errors).toBeUndefined()
    console.log(`introspection costs ${extensions.cost.requested}`)
    expect(extensions.cost.requested).toBeLessThan(3000)
  })

  it('is the same for the same field under two names, each', async () => {
    const cost = async (query: string) => (await federation.ask(query)).extensions.cost.requested as number
    const field = 'departement(code: "35") { communes(first: 7) { nodes { name population { value } } } }'
    expect(await cost(`{ a: ${field} b: ${field} }`)).toBe(2 * (await cost(`{ ${field} }`)))
  })
})
