import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseName } from '../../../core/territories/names.ts'

describe('normalising a place name', () => {
  it.each([
    ['Saint-Père-Marc-en-Poulet', 'ST PERE MARC EN POULET'],
    ['Sainte-Anne-sur-Vilaine', 'STE ANNE SUR VILAINE'],
    ['Les Saintes-Maries-de-la-Mer', 'LES STES MARIES DE LA MER'],
    ["L'Haÿ-les-Roses", 'L HAY LES ROSES'],
    ['L’Île-d’Yeu', "L'ILE D'YEU"],
    ['Œuf-en-Ternois', 'OEUF-EN-TERNOIS'],
    ['Paris 16e Arrondissement', 'PARIS 16E  ARRONDISSEMENT'],
    ['Paris 1er Arrondissement', 'PARIS 01'],
    ['Paris 7e Arrondissement', 'PARIS 07'],
    ['Lyon 3e Arrondissement', 'LYON 03'],
    ['Paris 7e Arrondissement', ' PARIS 07 '],
    ['Paris 7e Arrondissement', 'PARIS 07 CEDEX'],
    ['Rennes', 'RENNES CEDEX 7'],
    ['La Mézière', ' LA  MEZIERE '],
    ['Côtes-d’Armor', "COTES-D'ARMOR"],
  ])('lets "%s" meet "%s"', (official, label) => {
    expect(normaliseName(label)).toBe(normaliseName(official))
  })

  it.each([
    ['Saint-Malo', 'Sainte-Malo'],
    ['La Mézière', 'Mézière'],
    ['Paris 1er Arrondissement', 'Paris 11e Arrondissement'],
    ['Bruz', 'Brux'],
    ['Estrées', 'Saint-Rées'],
  ])('keeps "%s" and "%s" apart', (one, other) => {
    expect(normaliseName(one)).not.toBe(normaliseName(other))
  })

  it('changes nothing the second time, and leaves only single blanks between capitals and digits', () => {
    const word = fc.constantFrom(
      'st',
      'Ste',
      'STES',
      'cedex',
      'Paris',
      'lyon',
      '7',
      '16e',
      '1er',
      'arrondissement',
      "d'",
      'œ',
      '-',
      ' ',
      'Île',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 6 }), (words) => {
        const once = normaliseName(words.join(' '))
        expect(once).toMatch(/^([A-Z0-9]+( [A-Z0-9]+)*)?$/)
        expect(normaliseName(once)).toBe(once)
      }),
      { numRuns: 500 },
    )
  })
})
