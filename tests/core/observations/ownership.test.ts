import { describe, expect, it } from 'vitest'
import type { DatasetDescriptor, MeasureClaim } from '../../../core/observations/dataset.ts'
import { StratesError } from '../../../core/observations/error.ts'
import {
  definitionsOf,
  ownershipOf,
  requirePrecedence,
  strongestFirst,
  type FoundDescriptor,
} from '../../../core/observations/ownership.ts'
import college from '../../../subgraphs/departement/datasets/college-effectifs.ts'

const DEFINES = college.measures[0]!.defines

/** A descriptor that claims pupils-lower-secondary, as a change to that of the collèges. */
function found(id: string, claim: Partial<MeasureClaim> = {}, facts: Partial<DatasetDescriptor> = {}): FoundDescriptor {
  const measures = [{ measure: 'pupils-lower-secondary', ...claim }]
  return { file: `subgraphs/departement/datasets/${id}.ts`, descriptor: { ...college, id, measures, ...facts } }
}
const strong = found('strong', { defines: DEFINES })

function failureOf(descriptors: readonly FoundDescriptor[]): StratesError {
  try {
    ownershipOf(descriptors)
  } catch (error) {
    if (error instanceof StratesError) return error
  }
  throw new Error('the descriptors were accepted')
}

describe('the ownership registry', () => {
  it('tells for each measure and dataset who is competent, produces and publishes, and from when', () => {
    const [rule, ...others] = ownershipOf([{ file: 'a.ts', descriptor: college }])
    expect(others).toEqual([])
    expect(rule).toMatchObject({
      measure: 'pupils-lower-secondary',
      dataset: 'fr-en-college-effectifs-niveau-sexe-lv',
      owner: { id: 'departement', legalBasis: "Code de l'éducation, article L213-2" },
      licence: { id: 'etalab-2.0' },
      firstPeriod: 2019,
      lastPeriod: null,
      rank: 0,
      yieldsTo: [],
      computedFrom: [],
    })
    expect(rule?.owner.producer).not.toBe(rule?.owner.publisher)
  })

  it('refuses a second claim to the same measure and periods, naming both files and the line to add', () => {
    const error = failureOf([strong, found('planted')])
    expect(error.code).toBe('DESCRIPTOR_INVALID')
    expect(error.message).toContain('datasets/strong.ts and subgraphs/departement/datasets/planted.ts')
    expect(error.message).toContain("in subgraphs/departement/datasets/planted.ts: yieldsTo: ['strong'].")
  })

  it('takes whoever defines the measure for the stronger, wherever its file stands', () => {
    expect(failureOf([found('first'), strong]).message).toContain("yieldsTo: ['strong']")
  })

  it('accepts it once a line of precedence is there, and puts the stronger first', () => {
    const both = [found('weak', { yieldsTo: ['strong'] }), strong]
    expect(ownershipOf(both).map(({ dataset, rank }) => [dataset, rank])).toEqual([
      ['strong', 0],
      ['weak', 1],
    ])
    expect(strongestFirst('pupils-lower-secondary', both)).toEqual(['strong', 'weak'])
  })

  it('orders by who yields to whom, not by how many one yields to', () => {
    const chain = [
      found('third', { yieldsTo: ['second'] }),
      found('second', { yieldsTo: ['strong', 'elsewhere', 'nowhere'] }),
      strong,
    ]
    expect(strongestFirst('pupils-lower-secondary', chain)).toEqual(['strong', 'second', 'third'])
  })

  it('refuses a circle, naming its files', () => {
    const error = failureOf([
      found('one', { yieldsTo: ['two'], defines: DEFINES }),
      found('two', { yieldsTo: ['three'] }),
      found('three', { yieldsTo: ['one'] }),
    ])
    expect(error.message).toMatch(/circle.*one\.ts and .*two\.ts and .*three\.ts/)
  })

  it('lets two datasets share a measure whose periods do not meet', () => {
    const before = found('before', {}, { firstPeriod: 2010, lastPeriod: 2018 })
    expect(ownershipOf([before, strong]).map(({ dataset }) => dataset)).toEqual(['before', 'strong'])
    expect(() => ownershipOf([found('before', {}, { firstPeriod: 2010, lastPeriod: 2019 }), strong])).toThrow(
      'from 2019 to 2019',
    )
  })

  it('refuses a value that two files give against their declared periods', () => {
    const before = found('before', {}, { firstPeriod: 2010, lastPeriod: 2018 })
    const given = { measure: 'pupils-lower-secondary', period: 2019, datasets: ['before', 'strong'] }
    expect(() => requirePrecedence(given, [before, strong])).toThrow(/for 2019.*before\.ts and .*strong\.ts/)
    expect(() => requirePrecedence({ ...given, datasets: ['strong'] }, [before, strong])).not.toThrow()
    expect(() => requirePrecedence(given, [found('before', { yieldsTo: ['strong'] }), strong])).not.toThrow()
  })

  it('lets a weaker dataset repeat the definition word for word, and keeps one', () => {
    const again = found('weak', { yieldsTo: ['strong'], defines: { ...DEFINES } })
    expect(definitionsOf([again, strong])).toEqual([DEFINES])
    const other = found('weak', { yieldsTo: ['strong'], defines: { ...DEFINES, unit: 'classes' } })
    expect(failureOf([other, strong]).message).toMatch(/strong\.ts and .*weak\.ts.*Leave defines out/)
  })

  it('refuses a measure that nobody defines', () => {
    expect(failureOf([found('nameless')]).message).toContain('No descriptor defines the measure')
  })
})
