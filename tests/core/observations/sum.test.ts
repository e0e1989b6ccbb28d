import { describe, expect, it } from 'vitest'
import type { Coverage, Observation, Provenance } from '../../../core/observations/observation.ts'
import { OBSERVATION_STATUSES } from '../../../core/observations/status.ts'
import { sumOf } from '../../../core/observations/sum.ts'

const provenance: Provenance = {
  datasetId: 'fr-en-ecoles',
  title: 'Écoles',
  owner: { id: 'commune', name: 'Communes', legalBasis: 'L212-4', producer: 'DEPP', publisher: 'MEN' },
  licence: {
    id: 'etalab-2.0',
    title: 'Licence Ouverte 2.0',
    url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
  },
  attribution: 'MEN',
  sourceUrl: 'https://data.education.gouv.fr/',
  datasetVersion: '2021-abc',
  snapshot: 'abc',
  retrievedAt: '2026-01-02T03:04:05.000Z',
  geographyVintage: 2026,
  rule: 'Sum over the écoles.',
  inputs: [],
}
const coverage: Coverage = {
  expected: 4,
  reported: 4,
  missing: 0,
  suppressed: 0,
  share: 1,
  notLocated: 0,
  notLocatedValue: 0,
}
const observation = (facts: Partial<Observation>): Observation => ({
  value: 10,
  status: 'NORMAL',
  simulated: false,
  estimatedShare: 0,
  notes: [],
  method: 'CONSOLIDATED',
  unit: 'pupils',
  timePeriod: '2021',
  coverage,
  provenance,
  alternatives: [],
  ...facts,
})
const part = (label: string, facts: Partial<Observation> = {}) => ({ label, observation: observation(facts) })
const absent = (status: Observation['status']) => ({ value: null, status, coverage: null })
const total = { unit: 'pupils', timePeriod: '2021', provenance }

describe('a sum of parts', () => {
  it('is NORMAL when every part is, with the coverage of all', () => {
    const sum = sumOf(
      [part('écoles'), part('collèges', { value: 5, coverage: { ...coverage, reported: 2, missing: 2, share: 0.5 } })],
      total,
    )
    expect(sum).toMatchObject({ value: 15, status: 'NORMAL', notes: [], method: 'CONSOLIDATED' })
    expect(sum.coverage).toEqual({ ...coverage, expected: 8, reported: 6, missing: 2, share: 0.75 })
  })

  it('is PARTIAL when a part is', () => {
    expect(sumOf([part('écoles'), part('collèges', { status: 'PARTIAL', value: 5 })], total)).toMatchObject({
      value: 15,
      status: 'PARTIAL',
    })
  })

  it.each([null, undefined])('is PARTIAL and names the part whose owner did not answer (%s)', (nothing) => {
    const sum = sumOf([part('écoles'), { label: 'collèges', observation: nothing }], total)
    expect(sum).toMatchObject({ value: 10, status: 'PARTIAL', coverage: null })
    expect(sum.notes).toEqual(['Not counted: collèges, whose owner did not answer.'])
  })

  it('is PARTIAL and names the part that is absent, with its reason', () => {
    const sum = sumOf([part('écoles', absent('SUPPRESSED')), part('collèges')], total)
    expect(sum).toMatchObject({ value: 10, status: 'PARTIAL', coverage: null })
    expect(sum.notes).toEqual(['Not counted: écoles (SUPPRESSED).'])
  })

  it.each(OBSERVATION_STATUSES.slice(2))(
    'is absent with the reason of the first part when all are absent (%s)',
    (status) => {
      const sum = sumOf([part('écoles', absent(status)), part('collèges', absent('NOT_PUBLISHED'))], total)
      expect(sum).toMatchObject({ value: null, status })
    },
  )

  it('is SOURCE_UNAVAILABLE, not 0, when no owner answered', () => {
    const sum = sumOf(
      [
        { label: 'écoles', observation: undefined },
        { label: 'collèges', observation: null },
      ],
      total,
    )
    expect(sum).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE', coverage: null })
    expect(sum.provenance.inputs).toEqual([])
  })

  it('is SOURCE_UNAVAILABLE when one owner did not answer and the others have nothing', () => {
    const sum = sumOf([part('écoles', absent('NOT_PUBLISHED')), { label: 'collèges', observation: undefined }], total)
    expect(sum).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
  })

  it('counts a reported 0 as a 0', () => {
    expect(sumOf([part('écoles', { value: 0 }), part('collèges', { value: 0 })], total)).toMatchObject({
      value: 0,
      status: 'NORMAL',
    })
  })

  it('is simulated when any part is', () => {
    expect(sumOf([part('écoles'), part('collèges', { simulated: true })], total).simulated).toBe(true)
    expect(sumOf([part('écoles'), part('collèges')], total).simulated).toBe(false)
  })

  it('weighs the estimated share by value', () => {
    const sum = sumOf([part('écoles', { value: 30 }), part('collèges', { value: 10, estimatedShare: 1 })], total)
    expect(sum.estimatedShare).toBe(0.25)
  })

  it('keeps the notes of its parts, each once', () => {
    const notes = ['Read with care.']
    expect(sumOf([part('écoles', { notes }), part('collèges', { notes })], total).notes).toEqual(notes)
  })

  it('names the provenance of each part, and the oldest retrieval', () => {
    const later = {
      ...provenance,
      datasetId: 'fr-en-college',
      attribution: 'DEPP',
      snapshot: 'def',
      retrievedAt: '2026-02-01T00:00:00.000Z',
    }
    const sum = sumOf([part('collèges', { provenance: later }), part('écoles')], total)
    expect(sum.provenance.inputs.map(({ datasetId }) => datasetId)).toEqual(['fr-en-college', 'fr-en-ecoles'])
    expect(sum.provenance).toMatchObject({
      attribution: 'DEPP ; MEN',
      snapshot: 'def ; abc',
      retrievedAt: provenance.retrievedAt,
    })
  })
})
