/** Words that people leave out, or put in: they are passed over where the text as typed finds little. */
const SMALL_WORDS: ReadonlySet<string> = new Set('l le la les d de du des en sur sous les lez a au aux et'.split(' '))

const ARTICLES = /^(l|le|la|les) (?=.)/

/** What people write short. */
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['st', 'saint'],
  ['ste', 'sainte'],
  ['sts', 'saints'],
  ['stes', 'saintes'],
  ['fd', 'ferrand'],
  ['nd', 'notre dame'],
  ['mt', 'mont'],
  ['s', 'sur'],
  ['ss', 'sous'],
  ['agglo', 'agglomeration'],
])

/** Small letters and digits without accents, one blank between words; "Châlons s/ Marne, 3ème" becomes "chalons s marne 3". */
export function fold(text: string): string {
  const words = withoutAccents(text.toLowerCase())
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/ ?\bcedex\b(?: \d+\b)?/, '')
    .trim()
  if (!/\d/.test(words)) return words
  return words.replace(/\b(\d+)(?:e|er|re|nd|nde|eme|ieme)\b/g, '$1').replace(/\b([a-z]{3,})(\d+)\b/g, '$1 $2')
}

function withoutAccents(text: string): string {
  if (/^[ -~]*$/.test(text)) return text
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
}

/**
 * The ways to read a folded text, the likeliest first: with what is short written out, and with the last word as it stands,
 * which may be the beginning of another ("st" of Strasbourg).
 */
export function readingsOf(folded: string): readonly string[] {
  const words = folded.split(' ')
  const last = words.pop() ?? ''
  const before = words.map((word) => `${ABBREVIATIONS.get(word) ?? word} `).join('')
  const longer = ABBREVIATIONS.get(last)
  return longer === undefined ? [before + last] : [before + longer, before + last]
}

/** A folded name with what is short written out. */
export const spellOut = (folded: string): string =>
  folded
    .split(' ')
    .map((word) => ABBREVIATIONS.get(word) ?? word)
    .join(' ')

/** "le havre" becomes "havre". */
export const withoutArticle = (folded: string): string => folded.replace(ARTICLES, '')

/** Without small words: "isle sur la sorgue" becomes "isle sorgue". The last word stays: more of it may come. */
export function withoutSmallWords(folded: string): string {
  const words = folded.split(' ')
  return words.filter((word, position) => position === words.length - 1 || !isSmall(word)).join(' ')
}

/** What words say without small ones after them: "vienne dans l" becomes "vienne". */
export const withoutSmallEnd = (words: readonly string[]): string =>
  words.slice(0, words.findLastIndex((word) => !isSmall(word) && word !== 'dans') + 1).join(' ')

/** Nor with small ones before them: "de la reunion" becomes "reunion". */
export const withoutSmallEnds = (words: readonly string[]): string =>
  withoutSmallEnd(
    words.slice(
      Math.max(
        0,
        words.findIndex((word) => !isSmall(word)),
      ),
    ),
  )

/** Whether a folded word is one that people leave out. */
export const isSmall = (word: string): boolean => SMALL_WORDS.has(word)
