import { describe, expect, it } from 'vitest'
import { placeCodesOf } from '../../../core/territories/placeCodes.ts'
import type { Vintage, VintageCommune } from '../../../core/territories/vintage.ts'

const vintage = (year: number, communes: readonly VintageCommune[]): Vintage => ({
  year,
  communes,
  epci: [],
  departements: [],
  regions: [],
})

const COMMUNES: readonly VintageCommune[] = [
  {
    code: '75056',
    nom: 'Paris',
    type: 'commune-actuelle',
    siren: '217500016',
    codesPostaux: ['75001', '75002', '75116'],
  },
  { code: '35238', nom: 'Rennes', type: 'commune-actuelle', siren: '213502388', codesPostaux: ['35000', '35200'] },
  { code: '49069', nom: 'Champtoceaux', type: 'commune-deleguee' },
  { code: '75101', nom: 'Paris 1er Arrondissement', type: 'arrondissement-municipal', codesPostaux: ['75001'] },
  { code: '75102', nom: 'Paris 2e Arrondissement', type: 'arrondissement-municipal', codesPostaux: ['75002'] },
  { code: '98000', nom: 'Nowhere', type: 'commune-actuelle' },
]

describe('the codes of places beside their INSEE code', () => {
  const { codes, sirens, postalCodes } = placeCodesOf([vintage(2025, []), vintage(2026, COMMUNES)])

  it('are those of the communes and arrondissements of the newest vintage, in order', () => {
    expect(codes).toEqual(['35238', '75056', '75101', '75102', '98000'])
    expect(sirens).toEqual(['213502388', '217500016', '', '', ''])
  })

  it('give a postal code to the arrondissement that has it, and to the commune what no arrondissement has', () => {
    expect(postalCodes).toEqual(['35000 35200', '75116', '75001', '75002', ''])
  })

  it('cannot be told of no vintage', () => {
    expect(() => placeCodesOf([])).toThrow(RangeError)
  })
})
