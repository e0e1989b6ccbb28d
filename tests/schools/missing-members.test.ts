import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from '../federation/federation.ts'

let gateway: Federation
beforeAll(async () => {
  gateway = await startFederation()
})
afterAll(() => gateway?.close())

describe('the missing members of an observation', () => {
  const MEMBERS = 'missingMembers { totalCount nodes { kind code name reason measure placeId placeName } }'

  it('are the schools that someone can call', async () => {
    const { departement } = await gateway.get(
      `{ departement(code: "35") { schoolEnrolment(schoolYear: 2021) { primary { coverage { missing } ${MEMBERS} } } } }`,
    )
    const { coverage, missingMembers } = departement.schoolEnrolment.primary
    expect(missingMembers.totalCount).toBe(coverage.missing)
    expect(missingMembers.nodes).toContainEqual({
      kind: 'SCHOOL',
      code: '0359904D',
      name: 'Ecole Delta',
      reason: 'NO_FIGURE',
      measure: 'pupils-primary',
      placeId: 'commune:35033',
      placeName: 'Bourg-des-Comptes',
    })
  })

  it('come in pages', async () => {
    const page = (after: string) =>
      `{ region(code: "53") { schoolEnrolment(schoolYear: 2021) { primary { missingMembers(first: 300${after}) { totalCount nodes { code reason } pageInfo { endCursor hasNextPage } } } } } }`
    const codes = new Set<string>()
    let after = ''
    for (;;) {
      const { region } = await gateway.get(page(after))
      const { nodes, pageInfo, totalCount } = region.schoolEnrolment.primary.missingMembers
      for (const { code } of nodes) codes.add(code)
      if (!pageInfo.hasNextPage) {
        expect(codes.size).toBe(totalCount)
        break
      }
      after = `, after: "${pageInfo.endCursor}"`
    }
    expect(codes.size).toBeGreaterThan(300)
  })

  it('of a sum of one owner are those of its parts, and say of which', async () => {
    const { region } = await gateway.get(
      `{ region(code: "53") { schoolEnrolment(schoolYear: 2021) { upperSecondary { coverage { missing } ${MEMBERS} } } } }`,
    )
    const { coverage, missingMembers } = region.schoolEnrolment.upperSecondary
    expect(missingMembers.totalCount).toBe(coverage.missing)
    const measures = missingMembers.nodes.map(({ measure }: { measure: string }) => measure)
    expect(new Set(measures)).toEqual(new Set(['pupils-upper-secondary-gt', 'pupils-upper-secondary-pro']))
  })

  it('of the total of three owners are asked of its parts: null, with an error that says so', async () => {
    const answer = await gateway.ask(
      `{ departement(code: "35") { schoolEnrolment(schoolYear: 2021) { total { value missingMembers { totalCount } } } } }`,
    )
    expect(answer.data.departement.schoolEnrolment.total).toMatchObject({ value: 1839, missingMembers: null })
    expect(answer.errors).toMatchObject([
      {
        path: ['departement', 'schoolEnrolment', 'total', 'missingMembers'],
        extensions: { code: 'LISTED_BY_PARTS', subgraph: 'national' },
      },
    ])
  })

  it('are none where nothing is counted', async () => {
    const { nation } = await gateway.get(
      `{ nation { schoolEnrolment(schoolYear: 2010) { primary { status coverage { missing } ${MEMBERS} } } } }`,
    )
    expect(nation.schoolEnrolment.primary).toEqual({
      status: 'NOT_PUBLISHED',
      coverage: null,
      missingMembers: { totalCount: 0, nodes: [] },
    })
  })

  it('of the population are communes', async () => {
    const { nation } = await gateway.get(`{ nation { population(year: 2018) { coverage { missing } ${MEMBERS} } } }`)
    const { coverage, missingMembers } = nation.population
    expect(missingMembers.totalCount).toBe(coverage.missing)
    expect(missingMembers.nodes[0]).toMatchObject({ kind: 'COMMUNE', reason: 'NO_FIGURE' })
  })
})
