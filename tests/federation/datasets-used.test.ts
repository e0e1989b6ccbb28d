/** Which datasets an answer's figures come from: what the gateway counts as reuse. */
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'graphql'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { subgraphsOver } from './federation.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'

let store: Store
beforeAll(async () => {
  store = await openStore(await fixtureStore(), OWNERS)
})

const execute = async (owner: string, query: string) => {
  const subgraph = subgraphsOver(store).find(({ name }) => name === owner)
  return await subgraph!.execute({ document: parse(query) })
}

describe('a subgraph', () => {
  it('says which datasets its figures come from', async () => {
    const { errors, extensions } = await execute(
      'commune',
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primary { value } } } }',
    )
    expect(errors).toBeUndefined()
    expect(extensions).toEqual({ datasets: [ECOLES] })
  })

  it('says it of breakdowns, of schools and of their facts', async () => {
    const breakdown =
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primaryBreakdown(by: [SECTOR]) { observation { value } } } } }'
    expect((await execute('commune', breakdown)).extensions).toEqual({ datasets: [ECOLES] })
    const { schools } = store.reader('national')
    const { uai, source } = schools.at(0)
    const facts = await execute('national', `{ school(uai: "${uai}") { name } }`)
    expect(facts.extensions).toEqual({ datasets: [source.dataset] })
  })

  it('says nothing where no dataset gave a figure: for names, and for values that are absent', async () => {
    for (const query of [
      '{ commune(code: "35238") { name } }',
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2013) { primary { value } } } }',
    ])
      expect(await execute('commune', query)).not.toHaveProperty('extensions')
  })
})
