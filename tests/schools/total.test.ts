import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from '../federation/federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('the total of the three cycles', () => {
  it.each([
    [2010, 'NOT_PUBLISHED'],
    [2030, 'SOURCE_UNAVAILABLE'],
  ])('says for %i, for which nothing is counted, why it is absent', async (year, status) => {
    const { nation } = await federation.get(
      `{ nation { schoolEnrolment(schoolYear: ${year}) { total { value status coverage { missing } } } } }`,
    )
    expect(nation.schoolEnrolment.total).toEqual({ value: null, status, coverage: null })
  })
})
