import { words } from './words/words.js'

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map()

/** @param {Intl.NumberFormatOptions} options */
function formatOf(options) {
  const { locale } = words()
  const key = locale + JSON.stringify(options)
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options)
  formats.set(key, format)
  return format
}

/** With the sign of minus, not a hyphen. @param {number} value @param {Intl.NumberFormatOptions} options */
const written = (value, options) => formatOf(options).format(value).replace('-', '\u2212')

/** A number as it is written: 1 234,5 in French, with narrow no-break spaces. @param {number} value */
export const number = (value) => written(value, { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 })

/**
 * How numbers are written so that those that differ are told apart: with no more decimals than that takes, four at most.
 * @param {readonly number[]} values
 */
export function apart(values) {
  const distinct = [...new Set(values)]
  const writers = [
    number,
    ...[1, 2, 3, 4].map((digits) => (/** @type {number} */ value) => written(value, { maximumFractionDigits: digits })),
  ]
  return writers.find((write) => new Set(distinct.map(write)).size === distinct.length) ?? number
}

/** An index, with one decimal always, so that they stand below one another. @param {number} value */
export const index = (value) => written(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/**
 * A part of one as a percentage, rounded: but what is not whole is never 100 %, and what is not nothing never 0 %.
 * @param {number} share @param {number} [digits]
 */
export function percent(share, digits = 1) {
  /** @type {Intl.NumberFormatOptions} */
  const options = { style: 'percent', maximumFractionDigits: digits }
  const least = 10 ** -(digits + 2)
  if (share > 0 && share < least / 2) return `<\u202f${written(least, options)}`
  if (share < 1 && share >= 1 - least / 2) return `>\u202f${written(1 - least, options)}`
  return written(share, options)
}

/** A difference, with its sign. @param {number} value */
export const difference = (value) => written(value, { signDisplay: 'exceptZero', maximumFractionDigits: 1 })

/** A difference as a percentage, with its sign. @param {number} share @param {number} [digits] exactly so many decimals; two at most unless given */
export const differencePercent = (share, digits) =>
  written(share, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: digits ?? 2,
  })

/** A day: 1er septembre 2026. @param {string} iso */
export function day(iso) {
  const { locale } = words()
  const written = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso))
  return locale === 'fr-FR' ? written.replace(/^1(?!\d)/, '1er') : written
}

/** A day and an hour, at the reader's place. @param {string} iso */
export const moment = (iso) =>
  new Intl.DateTimeFormat(words().locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))

/** Years as one reads them: 2019–2021, 2023. @param {readonly number[]} years */
export function spans(years) {
  const starts = years.filter((year, index) => years[index - 1] !== year - 1)
  const ends = years.filter((year, index) => years[index + 1] !== year + 1)
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}–${ends[index]}`)).join(', ')
}

/** A place in an order: 1er, 2e; 1st, 2nd. @param {number} position */
export function ordinal(position) {
  const { locale } = words()
  if (locale === 'fr-FR') return `${number(position)}${position === 1 ? 'er' : 'e'}`
  return `${number(position)}${SUFFIXES[new Intl.PluralRules(locale, { type: 'ordinal' }).select(position)]}`
}

const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', zero: 'th', many: 'th', other: 'th' }
