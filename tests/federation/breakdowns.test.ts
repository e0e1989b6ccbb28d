import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

interface Cell {
  readonly dimensions: readonly { readonly dimension: string; readonly code: string; readonly label: string }[]
  readonly observation: { readonly value: number | null; readonly status: string }
}

const FIELDS = '{ dimensions { dimension code label } observation { value status } }'
const asPairs = (cells: readonly Cell[]) =>
  cells.map(({ dimensions, observation }) => [dimensions.map(({ code }) => code).join(' '), observation.value])

describe('a breakdown', () => {
  it('adds up to the total at every tier, with the official word of each part', async () => {
    const { commune, departement } = await federation.get(`{
      commune(code: "35238") { schoolEnrolment(schoolYear: 2022) { primary { value } primaryBreakdown(by: [SECTOR]) ${FIELDS} } }
      departement(code: "35") { schoolEnrolment(schoolYear: 2022) { primary { value } primaryBreakdown(by: [LEVEL]) ${FIELDS} } } }`)
    expect(asPairs(commune.schoolEnrolment.primaryBreakdown)).toEqual([
      ['PUBLIC', 120],
      ['PRIVATE', 60],
    ])
    expect(commune.schoolEnrolment.primaryBreakdown[1].dimensions).toEqual([
      { dimension: 'SECTOR', code: 'PRIVATE', label: 'Privé sous contrat' },
    ])
    const levels: readonly Cell[] = departement.schoolEnrolment.primaryBreakdown
    const sum = levels.reduce((total, { observation }) => total + (observation.value ?? 0), 0)
    expect(sum).toBe(departement.schoolEnrolment.primary.value)
    expect(levels[0]?.dimensions[0]?.label).toBe('Pré-élémentaire')
  })

  it('crosses the sector with the level, in the order asked', async () => {
    const { commune } = await federation.get(
      `{ commune(code: "35238") { schoolEnrolment(schoolYear: 2022) { primaryBreakdown(by: [LEVEL, SECTOR]) ${FIELDS} } } }`,
    )
    expect(asPairs(commune.schoolEnrolment.primaryBreakdown)).toContainEqual(['CP PRIVATE', 12])
  })

  it('shows what a source does not break down as a part of its own', async () => {
    const { commune } = await federation.get(
      `{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { upperSecondary { value } upperSecondaryBreakdown(by: [LEVEL]) ${FIELDS} } } }`,
    )
    const parts = asPairs(commune.schoolEnrolment.upperSecondaryBreakdown)
    const rest = parts.find(([code]) => code === 'NOT_BROKEN_DOWN')?.[1] ?? 0
    expect(rest).toBeGreaterThan(0)
    expect(parts.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(commune.schoolEnrolment.upperSecondary.value)
  })

  it('is absent, part by part, where the total is, for the same reason', async () => {
    const { commune } = await federation.get(
      `{ commune(code: "29019") { schoolEnrolment(schoolYear: 2022) { primaryBreakdown(by: [SECTOR]) ${FIELDS} } } }`,
    )
    for (const { observation } of commune.schoolEnrolment.primaryBreakdown) {
      expect(observation).toEqual({ value: null, status: 'SOURCE_UNAVAILABLE' })
    }
    expect(commune.schoolEnrolment.primaryBreakdown).toHaveLength(2)
  })

  it('refuses a dimension that the sources have not, and says which they have', async () => {
    const { data, errors } = await federation.ask(
      `{ commune(code: "35238") { name schoolEnrolment(schoolYear: 2022) { primaryBreakdown(by: [SEX]) ${FIELDS} } } }`,
    )
    expect(data.commune.schoolEnrolment.primaryBreakdown).toBeNull()
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UNSUPPORTED_BREAKDOWN',
      subgraph: 'commune',
      available: ['SECTOR', 'PRIORITY_EDUCATION', 'LEVEL'],
    })
  })
})

describe('reconciliations', () => {
  it('hold the enrolment dataset against the directory, school by school', async () => {
    const { departement } =
      await federation.get(`{ departement(code: "35") { schoolEnrolment(schoolYear: 2021) { reconciliations {
      measure sector scope schoolYear computed { value status } published { value provenance { datasetId } } gap gapRatio verdict explanation } } } }`)
    const primary = departement.schoolEnrolment.reconciliations.find(
      ({ measure, published }: { measure: string; published: { provenance: { datasetId: string } } }) =>
        measure === 'pupils-primary' && published.provenance.datasetId === 'fr-en-annuaire-education',
    )
    expect(primary).toMatchObject({ sector: 'ALL', scope: 'departement:35', schoolYear: 2021, verdict: 'DISAGREES' })
    expect(primary.gap).toBe(primary.computed.value - primary.published.value)
    expect(primary.explanation).toMatch(/ETA/)
  })

  it('say why nothing is comparable where the files cover only a part', async () => {
    const { reconciliations } = await federation.get(
      '{ reconciliations(verdict: NOT_COMPARABLE, measure: "pupils-primary") { gap explanation published { method provenance { title } } } }',
    )
    expect(reconciliations.length).toBeGreaterThan(0)
    for (const { gap, explanation, published } of reconciliations) {
      expect(gap).toBeNull()
      expect(explanation).toMatch(/covers|scopes/)
      expect(published).toMatchObject({ method: 'PUBLISHED', provenance: { title: expect.stringMatching(/^DEPP, /) } })
    }
  })

  it('refuse a measure that is not there', async () => {
    const { errors } = await federation.ask('{ reconciliations(measure: "nope") { gap } }')
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_MEASURE' })
  })
})

describe('ratios', () => {
  it('are rebuilt from their parts at every tier', async () => {
    const { departement } = await federation.get(
      '{ departement(code: "35") { observations(measures: ["pupils-primary", "classes-primary", "pupils-per-class-primary"], from: 2022, to: 2022) { measure observation { value unit } } } }',
    )
    const [pupils, classes, ratio] = departement.observations.map(
      ({ observation }: { observation: { value: number } }) => observation.value,
    )
    expect(ratio).toBeCloseTo(pupils / classes, 12)
  })
})
