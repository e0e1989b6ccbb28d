import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAbsent, type ObservationStatus } from '../../core/observations/status.ts'
import { REPOSITORY } from '../fixtures/store.ts'
import { startFederation, type Answer, type Federation } from './federation.ts'

const TIERS = ['commune', 'epci', 'departement', 'region', 'nation'] as const
const PARTS = ['primary', 'lowerSecondary', 'upperSecondary', 'total'] as const

interface Figure {
  readonly value: number | null
  readonly status: ObservationStatus
  readonly simulated: boolean
  readonly timePeriod: string
  readonly provenance: {
    readonly owner: { readonly name: string }
    readonly datasetId: string
    readonly licence: { readonly title: string }
    readonly retrievedAt: string
  }
}

let federation: Federation
let answer: Answer
beforeAll(async () => {
  federation = await startFederation()
  answer = await federation.ask(await readFile(join(REPOSITORY, 'operations', 'enrolment-by-tier.graphql'), 'utf8'))
})
afterAll(() => federation?.close())

const figuresOf = (tier: (typeof TIERS)[number]): Readonly<Record<string, Figure | null>> => {
  const { population, schoolEnrolment } = answer.data[tier]
  return { population, ...Object.fromEntries(PARTS.map((part) => [part, schoolEnrolment[part]])) }
}

describe('the query of the README, asked once', () => {
  it('has no error', () => {
    expect(answer.errors).toBeUndefined()
  })

  it('names all five tiers', () => {
    expect(TIERS.map((tier) => answer.data[tier].name)).toEqual([
      'Rennes',
      'Rennes Métropole',
      'Ille-et-Vilaine',
      'Bretagne',
      'France',
    ])
  })

  it.each(TIERS)('gives population and the three cycles with their total for the %s', (tier) => {
    for (const [part, figure] of Object.entries(figuresOf(tier))) {
      expect(figure, part).not.toBeNull()
      expect(figure?.value === null, `${part}: a value exactly when the status has one`).toBe(isAbsent(figure!.status))
    }
  })

  it.each(TIERS)('says owner, dataset, licence and date of every figure of the %s', (tier) => {
    for (const [part, figure] of Object.entries(figuresOf(tier))) {
      const { owner, datasetId, licence, retrievedAt } = figure!.provenance
      expect(owner.name, part).not.toBe('')
      expect(datasetId, part).toMatch(/^[a-z]/)
      expect(licence.title, part).toBe('Licence Ouverte 2.0')
      expect(new Date(retrievedAt).toISOString(), part).toBe(retrievedAt)
      expect(figure!.simulated, part).toBe(false)
    }
  })

  it('adds the three cycles up to the total at every tier', () => {
    for (const tier of TIERS) {
      const { primary, lowerSecondary, upperSecondary, total } = figuresOf(tier)
      const parts = [primary, lowerSecondary, upperSecondary].map((part) => part?.value ?? 0)
      expect(total?.value, tier).toBe(parts.reduce((sum, value) => sum + value, 0))
    }
  })

  it('takes the newest rentrée, and the census year 2023 for the population', () => {
    for (const tier of TIERS) {
      expect(answer.data[tier].schoolEnrolment.schoolYear).toBe(2022)
      expect(figuresOf(tier)['primary']?.timePeriod).toBe('2022')
      expect(figuresOf(tier)['population']?.timePeriod).toBe('2023')
    }
    expect(figuresOf('epci')['population']?.value).toBe(480_178)
  })
})
