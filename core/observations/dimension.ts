import { StratesError } from './error.ts'

/**
 * What a total can be broken down by. `SECTOR` and `PRIORITY_EDUCATION` are facts of a school; `LEVEL` and `SEX` are facts
 * of its pupils, given by columns of their own.
 */
export const DIMENSIONS = {
  SECTOR: {
    title: 'Secteur',
    of: 'CONTRIBUTOR',
    values: { PUBLIC: 'Public', PRIVATE: 'Privé sous contrat', NOT_BROKEN_DOWN: 'Non ventilé' },
  },
  PRIORITY_EDUCATION: {
    title: 'Éducation prioritaire',
    of: 'CONTRIBUTOR',
    values: { REP: 'REP', REP_PLUS: 'REP+', NONE: 'Hors éducation prioritaire', NOT_BROKEN_DOWN: 'Non ventilé' },
  },
  LEVEL: {
    title: 'Niveau',
    of: 'PUPIL',
    values: {
      PRE_ELEMENTAIRE: 'Pré-élémentaire',
      CP: 'CP',
      CE1: 'CE1',
      CE2: 'CE2',
      CM1: 'CM1',
      CM2: 'CM2',
      SIXIEME: '6e',
      CINQUIEME: '5e',
      QUATRIEME: '4e',
      TROISIEME: '3e',
      SECONDE: '2de',
      PREMIERE: '1re',
      TERMINALE: 'Terminale',
      SEGPA: 'SEGPA',
      ULIS: 'ULIS',
      UEEA: 'UEEA',
      NOT_BROKEN_DOWN: 'Non ventilé',
    },
  },
  SEX: { title: 'Sexe', of: 'PUPIL', values: { F: 'Filles', M: 'Garçons', NOT_BROKEN_DOWN: 'Non ventilé' } },
} as const

/** See {@link DIMENSIONS}. */
export type Dimension = keyof typeof DIMENSIONS

/** One value on each of some dimensions: `{ SECTOR: 'PUBLIC', LEVEL: 'CP' }`. */
export type DimensionKey = Readonly<Partial<Record<Dimension, string>>>

/** What of a total its source does not break down: the parts and this add up to the total. */
export const NOT_BROKEN_DOWN = 'NOT_BROKEN_DOWN'

/** Brings a key down to some dimensions; what it does not tell is not broken down. */
export const narrowKey = (key: DimensionKey, by: readonly Dimension[]): DimensionKey =>
  Object.fromEntries(
    DIMENSION_NAMES.filter((name) => by.includes(name)).map((name) => [name, key[name] ?? NOT_BROKEN_DOWN]),
  )

/** All dimensions, those of a contributor first. */
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as readonly Dimension[]

/** The official word for a value of a dimension; the code itself where there is none. */
export const labelOf = (dimension: Dimension, value: string): string =>
  (DIMENSIONS[dimension].values as Readonly<Record<string, string>>)[value] ?? value

/** Whether pupils of one contributor spread over several values of the dimension. */
export const isOfPupils = (dimension: Dimension): boolean => DIMENSIONS[dimension].of === 'PUPIL'

/** The order in which values are shown, by dimension after dimension. */
export function compareKeys(left: DimensionKey, right: DimensionKey): number {
  for (const dimension of DIMENSION_NAMES) {
    const order = Object.keys(DIMENSIONS[dimension].values)
    const difference = order.indexOf(left[dimension] ?? '') - order.indexOf(right[dimension] ?? '')
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Checks what a caller wants a total broken down by.
 * @param available the dimensions that the measure's sources have.
 * @throws StratesError UNSUPPORTED_BREAKDOWN for a dimension they have not, or two dimensions of pupils at once, which no
 * source crosses.
 */
export function requireBreakdown(by: readonly Dimension[], available: readonly Dimension[], measure: string): void {
  const unavailable = by.filter((dimension) => !available.includes(dimension))
  const ofPupils = by.filter(isOfPupils)
  if (by.length > 0 && unavailable.length === 0 && ofPupils.length < 2) return
  throw new StratesError({
    code: 'UNSUPPORTED_BREAKDOWN',
    what: by.length === 0 ? 'No dimension is named' : 'The total cannot be broken down so',
    on: `measure ${measure}, by: [${by.join(', ')}]`,
    expected:
      available.length === 0
        ? 'a measure whose sources break it down; those of this one do not'
        : `one or more of ${available.join(', ')}${available.filter(isOfPupils).length > 1 ? '; LEVEL and SEX not together' : ''}`,
    remedy: ofPupils.length > 1 ? 'Ask one breakdown after the other.' : 'Name only dimensions that the sources have.',
    details: { measure, by, available },
  })
}
