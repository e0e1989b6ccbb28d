/** The languages of pages for people. */
export type Language = 'fr' | 'en'

/** Whether a client would rather have a page than JSON: a browser says so, a program that takes anything does not. */
export function prefersHtml(accept: string): boolean {
  const page = weightOf(accept, ['text/html', 'application/xhtml+xml'])
  return page > 0 && page >= weightOf(accept, ['application/json'])
}

/** The language that an address asks for by name, with `?lang=`. */
export const askedLanguage = (asked: string | null): Language | undefined =>
  asked === 'fr' || asked === 'en' ? asked : undefined

/** French, unless English is asked for by name or preferred. */
export function languageOf(asked: string | null, acceptLanguage: string): Language {
  const named = askedLanguage(asked)
  if (named !== undefined) return named
  const [french, english] = ['fr', 'en'].map((language) => weightOf(acceptLanguage, [language], '-'))
  return (english ?? 0) > (french ?? 0) ? 'en' : 'fr'
}

/**
 * What a client would rather have of what is offered, the first of equals; the first of all where it takes anything, undefined where
 * it takes none of it. What it names counts, before what it takes along with anything else.
 */
export function preferred<One extends { readonly accepts: readonly string[] }>(
  accept: string,
  offered: readonly One[],
): One | undefined {
  const taken = offered.filter(({ accepts }) => !refuses(accept, accepts))
  const named = heaviest(accept, taken, ({ accepts }) => accepts)
  if (named !== undefined) return named
  const ofKind = heaviest(accept, taken, ({ accepts }) => accepts.map((type) => type.replace(/\/.*/, '/*')))
  if (ofKind !== undefined) return ofKind
  const takesAnything = accept.trim() === '' || weightOf(accept, ['*/*']) > 0
  return takesAnything ? taken[0] : undefined
}

/** How something may be compressed on its way, the best first. */
export type Encoding = 'br' | 'gzip'

/** The best way of compressing that a client takes; undefined where it would rather have things plain. */
export const encodingOf = (acceptEncoding: string): Encoding | undefined =>
  (['br', 'gzip'] as const).find((encoding) => acceptsEncoding(acceptEncoding, encoding))

/** Whether a client takes what is compressed in a way, by name or as anything (`*`), and would not rather have it plain. */
export function acceptsEncoding(acceptEncoding: string, encoding: Encoding): boolean {
  const isNamed = acceptEncoding.split(',').some((part) => part.split(';')[0]?.trim().toLowerCase() === encoding)
  const weight = weightOf(acceptEncoding, [isNamed ? encoding : '*'])
  return weight > 0 && weight >= weightOf(acceptEncoding, ['identity'])
}

/** What weighs most, the first of equals; undefined where nothing weighs anything. */
function heaviest<One>(
  accept: string,
  offered: readonly One[],
  typesOf: (one: One) => readonly string[],
): One | undefined {
  const weighed = offered.map((one) => ({ one, weight: weightOf(accept, typesOf(one)) }))
  const [best] = weighed.toSorted((left, right) => right.weight - left.weight)
  return best !== undefined && best.weight > 0 ? best.one : undefined
}

/** Whether a client says by name that it does not take any of some types. */
const refuses = (accept: string, types: readonly string[]): boolean =>
  accept.split(',').some((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    return types.includes(type) && parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })

/** The weight (`q`) of the first of some values in a header of preferences; 0 where none is named. */
function weightOf(header: string, wanted: readonly string[], variant = ';'): number {
  const weights = header.split(',').flatMap((part) => {
    const [value = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    if (!wanted.some((name) => value === name || value.startsWith(`${name}${variant}`))) return []
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length)
    return [weight === undefined ? 1 : Number(weight) || 0]
  })
  return Math.max(0, ...weights)
}
