import { expect, it, vi } from 'vitest'

const inLanguage = (lang: string) => vi.stubGlobal('location', { search: `?lang=${lang}` })
inLanguage('fr')
const { apart, difference, number, percent } = await import('../../gateway/explorer/numbers.js')

it('writes a part as a whole only where it is whole, and as nothing only where it is nothing', () => {
  inLanguage('en')
  expect([0, 0.0004, 0.0005, 0.6667, 0.9994, 0.9996, 1].map((share) => percent(share))).toEqual([
    '0%',
    '<\u202f0.1%',
    '0.1%',
    '66.7%',
    '99.9%',
    '>\u202f99.9%',
    '100%',
  ])
  expect(percent(0.997, 0)).toBe('>\u202f99%')
})

it('writes a minus, not a hyphen, in both languages', () => {
  inLanguage('fr')
  expect([number(-12), difference(-14_680)]).toEqual(['\u221212', '\u221214\u202f680'])
  inLanguage('en')
  expect(difference(-14_680)).toBe('\u221214,680')
})

it('writes as many decimals as tell numbers apart', () => {
  inLanguage('en')
  const values = [12, 81.58, 81.62]
  expect(values.map(apart(values))).toEqual(['12', '81.58', '81.62'])
  expect([12.34, 81.6].map(apart([12.34, 81.6]))).toEqual(['12.3', '81.6'])
})
