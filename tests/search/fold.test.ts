import { describe, expect, it } from 'vitest'
import {
  fold,
  readingsOf,
  spellOut,
  withoutArticle,
  withoutSmallEnd,
  withoutSmallEnds,
  withoutSmallWords,
} from '../../subgraphs/national/search/fold.ts'

describe('folding a text', () => {
  it.each([
    ['L’Haÿ-les-Roses', 'l hay les roses'],
    ['  CHÂLONS--en  Champagne ', 'chalons en champagne'],
    ['Œuilly', 'oeuilly'],
    ['Paris 12ème', 'paris 12'],
    ['lyon 1er', 'lyon 1'],
    ['paris12', 'paris 12'],
    ['2A004', '2a004'],
    ['Rennes Cédex 7', 'rennes'],
    ['35000 RENNES CEDEX', '35000 rennes'],
    ['…', ''],
  ])('makes of %j %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('writes out what is short, and leaves a last word to be the beginning of another', () => {
    expect(spellOut('st pere marc en poulet')).toBe('saint pere marc en poulet')
    expect(readingsOf('st malo')).toEqual(['saint malo'])
    expect(readingsOf('st')).toEqual(['saint', 'st'])
    expect(readingsOf('clermont fd')).toEqual(['clermont ferrand', 'clermont fd'])
  })

  it('leaves out an article, and small words but the last', () => {
    expect(withoutArticle('le havre')).toBe('havre')
    expect(withoutArticle('lens')).toBe('lens')
    expect(withoutArticle('la')).toBe('la')
    expect(withoutSmallWords('l isle sur la sorgue')).toBe('isle sorgue')
    expect(withoutSmallWords('saint etienne d')).toBe('saint etienne d')
  })
  it('leaves out small words after others, and before them', () => {
    expect(withoutSmallEnd(['vienne', 'dans', 'l'])).toBe('vienne')
    expect(withoutSmallEnd(['la', 'rochelle', 'en'])).toBe('la rochelle')
    expect(withoutSmallEnds(['de', 'la', 'reunion'])).toBe('reunion')
    expect(withoutSmallEnds(['de', 'la'])).toBe('')
  })
})
