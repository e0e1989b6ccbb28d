import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

const OBSERVATION = `{ value status timePeriod unit method simulated notes
  coverage { expected reported missing suppressed share notLocated notLocatedValue }
  provenance { datasetId owner { id name } geographyVintage snapshot inputs { datasetId } }
  alternatives { value status notes provenance { datasetId } } }`

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

/** The three cycles of a territory at a rentrée. */
const enrolment = (id: string, schoolYear: number) =>
  partsOf(id, schoolYear, ['primary', 'lowerSecondary', 'upperSecondary'])

/** The total alone, without asking for its parts. */
const totalOf = async (id: string, schoolYear: number) => (await partsOf(id, schoolYear, ['total'])).total

async function partsOf(id: string, schoolYear: number, parts: readonly string[]) {
  const fields = parts.map((part) => `${part} ${OBSERVATION}`).join(' ')
  const { territory } = await federation.get(
    `query ($id: ID!, $schoolYear: Int) { territory(id: $id) { schoolEnrolment(schoolYear: $schoolYear) { ${fields} } } }`,
    { id, schoolYear },
  )
  return territory.schoolEnrolment
}

describe('pupils of the primary cycle', () => {
  it.each([
    ['commune:35238', 2021, 150, 'NORMAL', 2, 2],
    ['commune:35238', 2022, 180, 'NORMAL', 3, 3],
    ['epci:243500139', 2022, 180, 'NORMAL', 3, 3],
    ['epci:243500725', 2022, 52, 'NORMAL', 2, 2],
    ['departement:22', 2022, 34, 'NORMAL', 2, 2],
    ['departement:35', 2021, 255, 'PARTIAL', 7, 6],
    ['departement:35', 2022, 296, 'PARTIAL', 9, 8],
  ])('of %s in %i are %i, %s', async (id, year, value, status, expected, reported) => {
    const { primary } = await enrolment(id, year)
    expect(primary).toMatchObject({
      value,
      status,
      timePeriod: `${year}`,
      unit: 'pupils',
      method: 'CONSOLIDATED',
      coverage: { expected, reported, missing: expected - reported, suppressed: 0 },
      provenance: { datasetId: 'fr-en-ecoles-effectifs-nb_classes', owner: { id: 'commune' }, geographyVintage: 2026 },
    })
    expect(primary.provenance.snapshot).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['region:53', 2022, 330, ['Finistère (29)', 'Morbihan (56)']],
    ['epci:243500741', 2022, 41, ['Loire-Atlantique (44)', 'Morbihan (56)']],
    ['nation:FR', 2022, 472, ['Ain (01)', 'Guadeloupe (971)']],
  ])('of %s in %i are PARTIAL, with the départements that no file covers by name', async (id, year, value, names) => {
    const { primary } = await enrolment(id, year)
    expect(primary).toMatchObject({ value, status: 'PARTIAL' })
    for (const name of names) expect(primary.notes.join(' ')).toContain(name)
    expect(primary.coverage.missing).toBe(primary.coverage.expected - primary.coverage.reported)
    expect(primary.coverage.share).toBeGreaterThan(0)
    expect(primary.coverage.share).toBeLessThan(1)
  })

  it('follow the label of the row when the directory says another commune', async () => {
    expect((await enrolment('commune:35360', 2022)).primary).toMatchObject({ value: 21, status: 'NORMAL' })
  })

  it('of a part that merged are those of the commune that it is part of', async () => {
    expect((await enrolment('commune:35069', 2022)).primary).toMatchObject({ value: 16, status: 'NORMAL' })
  })

  it('show the count of the directory beside the stronger one, with its own dataset', async () => {
    const { primary } = await enrolment('commune:35238', 2021)
    expect(primary.alternatives).toHaveLength(1)
    expect(primary.alternatives[0]).toMatchObject({
      value: 148,
      status: 'PARTIAL',
      provenance: { datasetId: 'fr-en-annuaire-education' },
    })
  })

  it('come from the directory where the stronger file covers nothing', async () => {
    const { primary } = await enrolment('departement:56', 2021)
    expect(primary).toMatchObject({
      value: 25,
      status: 'NORMAL',
      provenance: { datasetId: 'fr-en-annuaire-education', owner: { id: 'commune' } },
    })
    expect(primary.notes.join(' ')).toMatch(/From the directory/)
  })
})

describe('0, and the absence of a figure', () => {
  it('is 0 with nobody expected and a note, for a commune without école', async () => {
    const { primary } = await enrolment('commune:35216', 2021)
    expect(primary).toMatchObject({ value: 0, status: 'NORMAL', coverage: { expected: 0, reported: 0, missing: 0 } })
    expect(primary.notes).toEqual(['No école is known here: 0 because there is none, not because none reported.'])
  })

  it.each([2021, 2022])('is no value in %i for a commune whose only école did not report', async (year) => {
    const { primary } = await enrolment('commune:35033', year)
    expect(primary).toMatchObject({
      value: null,
      status: 'NOT_PUBLISHED',
      coverage: { expected: 1, reported: 0, missing: 1, share: 0 },
    })
  })

  it('does not expect an école hors contrat, and the source that lists it says that it is not counted', async () => {
    const { primary } = await enrolment('commune:35115', 2021)
    expect(primary).toMatchObject({ value: 0, status: 'NORMAL', coverage: { expected: 0, missing: 0 } })
    expect(primary.alternatives[0]).toMatchObject({ value: 20, status: 'NORMAL' })
    expect(primary.alternatives[0].notes.join(' ')).toMatch(/Not counted: 1 .*hors contrat/)
  })

  it('does not expect an école in a rentrée before it opened', async () => {
    const before = await enrolment('commune:35238', 2021)
    const after = await enrolment('commune:35238', 2022)
    expect([before.primary.coverage.expected, after.primary.coverage.expected]).toEqual([2, 3])
  })

  it('is SOURCE_UNAVAILABLE, never 0, where no file gives anything', async () => {
    const { primary, lowerSecondary, upperSecondary } = await enrolment('departement:29', 2022)
    for (const part of [primary, lowerSecondary, upperSecondary]) {
      expect(part).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
      expect(part.notes.join(' ')).toMatch(/No file at hand/i)
    }
    expect(primary.coverage).toMatchObject({ reported: 0, share: 0 })
    expect(primary.coverage.missing).toBeGreaterThan(200)
  })

  it('is SOURCE_UNAVAILABLE for one cycle while another is there', async () => {
    const { primary, lowerSecondary } = await enrolment('departement:22', 2022)
    expect(primary).toMatchObject({ value: 34, status: 'NORMAL' })
    expect(lowerSecondary).toMatchObject({
      value: null,
      status: 'SOURCE_UNAVAILABLE',
      coverage: { expected: 1, missing: 1 },
    })
  })

  it.each([
    [2018, 'NOT_PUBLISHED'],
    [2023, 'SOURCE_UNAVAILABLE'],
  ])('is told for %i, which no file at hand gives: %s', async (year, status) => {
    const { primary, lowerSecondary, upperSecondary } = await enrolment('departement:35', year)
    for (const part of [primary, lowerSecondary, upperSecondary]) {
      expect(part).toMatchObject({ value: null, status, timePeriod: `${year}` })
    }
    expect(primary.notes.join(' ')).toContain('2021–2022')
  })
})

describe('a row that finds no commune', () => {
  it('counts in its département, its région and the nation', async () => {
    const { primary } = await enrolment('departement:35', 2022)
    expect(primary).toMatchObject({ value: 296, coverage: { reported: 8, notLocated: 1, notLocatedValue: 7 } })
    expect(primary.notes.join(' ')).toMatch(/1 école of the département \(7 pupils\) could not be placed in a commune/)
    expect((await enrolment('region:53', 2022)).primary.coverage).toMatchObject({ notLocated: 1, notLocatedValue: 7 })
    expect((await enrolment('nation:FR', 2022)).primary.coverage).toMatchObject({ notLocated: 1, notLocatedValue: 7 })
  })

  it('makes up what the communes lack: with it, they add up to the département', async () => {
    const { departement } = await federation.get(
      '{ departement(code: "35") { communes(first: 1000) { nodes { schoolEnrolment(schoolYear: 2022) { primary { value } } } } } }',
    )
    const values = departement.communes.nodes.map(
      (commune: { schoolEnrolment: { primary: { value: number | null } } }) =>
        commune.schoolEnrolment.primary.value ?? 0,
    )
    expect(values.reduce((sum: number, value: number) => sum + value, 0)).toBe(296 - 7)
  })

  it('leaves a 0 uncertain in the communes of its département: PARTIAL, and not said to be for sure', async () => {
    const { primary } = await enrolment('commune:35216', 2022)
    expect(primary).toMatchObject({ value: 0, status: 'PARTIAL', coverage: { notLocated: 1, notLocatedValue: 7 } })
    expect(primary.notes.join(' ')).toMatch(/could not be placed/)
    expect(primary.notes.join(' ')).not.toMatch(/because there is none/)
  })

  it('touches no other département', async () => {
    expect((await enrolment('departement:22', 2022)).primary.coverage).toMatchObject({
      notLocated: 0,
      notLocatedValue: 0,
    })
  })
})

describe('pupils of the collège and lycée cycles', () => {
  it('include the collège classes of a lycée, each establishment with its own pupils in each cycle', async () => {
    const vitre = await enrolment('commune:35360', 2021)
    expect(vitre.lowerSecondary).toMatchObject({ value: 34, status: 'NORMAL' })
    expect(vitre.upperSecondary).toMatchObject({ value: 300, status: 'NORMAL' })
  })

  it('miss the collège that the directory expects and that did not report', async () => {
    expect((await enrolment('commune:35288', 2021)).lowerSecondary).toMatchObject({
      value: null,
      status: 'NOT_PUBLISHED',
    })
    expect((await enrolment('departement:35', 2021)).lowerSecondary).toMatchObject({
      value: 434,
      status: 'PARTIAL',
      coverage: { expected: 3, reported: 2, missing: 1 },
    })
  })

  it('are the sum of two files for the lycées, whole when both are there', async () => {
    const { upperSecondary } = await enrolment('departement:35', 2021)
    expect(upperSecondary).toMatchObject({ value: 1150, status: 'NORMAL' })
    expect(upperSecondary.provenance.inputs.map(({ datasetId }: { datasetId: string }) => datasetId)).toEqual([
      'fr-en-lycee_gt-effectifs-niveau-sexe-lv',
      'fr-en-lycee_pro-effectifs-niveau-sexe-lv',
    ])
  })

  it('are PARTIAL for the lycées when one of the files is not there, and name it', async () => {
    const { upperSecondary } = await enrolment('departement:35', 2022)
    expect(upperSecondary).toMatchObject({ value: 1015, status: 'PARTIAL' })
    expect(upperSecondary.notes.join(' ')).toMatch(/Not counted: Pupils of vocational lycées \(SOURCE_UNAVAILABLE\)/)
  })
})

describe('the total of the three cycles', () => {
  it('is whole when all three are', async () => {
    const total = await totalOf('commune:35238', 2021)
    expect(total).toMatchObject({
      value: 150 + 400 + 700,
      status: 'NORMAL',
      coverage: { expected: 2 + 1 + 1, reported: 2 + 1 + 1, missing: 0 },
      provenance: { datasetId: 'strates-school-enrolment-total', owner: { id: 'national' } },
    })
    expect(total.provenance.inputs).toHaveLength(3)
  })

  it('is PARTIAL when one of them is, and carries what its parts say', async () => {
    const total = await totalOf('departement:35', 2022)
    expect(total).toMatchObject({ value: 296 + 446 + 1015, status: 'PARTIAL' })
    expect(total.notes.join(' ')).toMatch(/vocational lycées/)
  })

  it('is PARTIAL over the cycles that are there, and names the one that is absent', async () => {
    const total = await totalOf('departement:2A', 2022)
    expect(total).toMatchObject({ value: 61 + 201, status: 'PARTIAL' })
    expect(total.notes).toContain('Not counted: the lycée cycle, owned by the régions (SOURCE_UNAVAILABLE).')
  })

  it('is absent, never 0, where no cycle has a figure', async () => {
    const total = await totalOf('departement:29', 2022)
    expect(total).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
    expect(total.notes.filter((note: string) => note.startsWith('Not counted:'))).toHaveLength(5)
  })

  it('is the same whether its parts are asked beside it or not', async () => {
    const beside = await partsOf('departement:35', 2022, ['primary', 'lowerSecondary', 'upperSecondary', 'total'])
    expect(await totalOf('departement:35', 2022)).toEqual(beside.total)
  })
})

describe('the rentrée asked', () => {
  it('is by default the newest with all three cycles for the nation', async () => {
    const { commune } = await federation.get('{ commune(code: "35238") { schoolEnrolment { id schoolYear } } }')
    expect(commune.schoolEnrolment).toEqual({ id: 'commune:35238@2022/g2026', schoolYear: 2022 })
  })

  it('can be a series: by default every rentrée held, oldest first', async () => {
    const { departement } = await federation.get(
      '{ departement(code: "35") { schoolEnrolmentSeries { schoolYear primary { value } lowerSecondary { value } } } }',
    )
    expect(departement.schoolEnrolmentSeries).toEqual([
      { schoolYear: 2021, primary: { value: 255 }, lowerSecondary: { value: 434 } },
      { schoolYear: 2022, primary: { value: 296 }, lowerSecondary: { value: 446 } },
    ])
  })

  it('is there in a series even without figures, and says so', async () => {
    const { departement } = await federation.get(
      '{ departement(code: "35") { schoolEnrolmentSeries(from: 2018, to: 2023) { schoolYear primary { value status } } } }',
    )
    expect(departement.schoolEnrolmentSeries.map(({ primary }: { primary: object }) => primary)).toEqual([
      { value: null, status: 'NOT_PUBLISHED' },
      { value: null, status: 'SOURCE_UNAVAILABLE' },
      { value: null, status: 'SOURCE_UNAVAILABLE' },
      { value: 255, status: 'PARTIAL' },
      { value: 296, status: 'PARTIAL' },
      { value: null, status: 'SOURCE_UNAVAILABLE' },
    ])
  })

  it.each([
    [
      'a year before any census',
      'schoolEnrolment(schoolYear: 1800) { id }',
      'INVALID_YEAR',
      /schoolYear: 1800.*2021–2022/,
    ],
    ['a year far ahead', 'schoolEnrolment(schoolYear: 3000) { id }', 'INVALID_YEAR', /schoolYear: 3000/],
    [
      'a series upside down',
      'schoolEnrolmentSeries(from: 2022, to: 2021) { id }',
      'INVALID_YEAR',
      /from: 2022, to: 2021/,
    ],
    [
      'a geography not held',
      'schoolEnrolment(geography: 2018) { id }',
      'UNSUPPORTED_GEOGRAPHY',
      /geography: 2018.*2019–2026/,
    ],
    [
      'a series on a geography not held',
      'schoolEnrolmentSeries(geography: 2027) { id }',
      'UNSUPPORTED_GEOGRAPHY',
      /geography: 2027.*2019–2026/,
    ],
  ])('is refused with a reason: %s', async (_, field, code, says) => {
    const { errors } = await federation.ask(`{ commune(code: "35238") { ${field} } nation { name } }`)
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.extensions['code']).toBe(code)
    expect(errors?.[0]?.path?.slice(0, 1)).toEqual(['commune'])
    expect(errors?.[0]?.message).toMatch(says)
  })
})
