import { communesOf, type Vintage } from './vintage.ts'

/**
 * The codes that a commune or municipal arrondissement has beside its INSEE code, as columns: one entry a place, in the order
 * of the INSEE codes.
 */
export interface PlaceCodes {
  /** INSEE codes. */
  readonly codes: readonly string[]
  /** SIREN numbers of the communes as public bodies; empty where there is none. */
  readonly sirens: readonly string[]
  /** Postal codes, with a blank between them; empty where La Poste has none of the place. */
  readonly postalCodes: readonly string[]
}

/**
 * Those of the newest vintage. A postal code of a municipal arrondissement is its own, and not that of the whole commune.
 * @param vintages ascending.
 */
export function placeCodesOf(vintages: readonly Vintage[]): PlaceCodes {
  const vintage = vintages.at(-1)
  if (vintage === undefined) throw new RangeError('no vintage to take codes from')
  const arrondissements = vintage.communes.filter(({ type }) => type === 'arrondissement-municipal')
  const inParts = new Set(arrondissements.flatMap(({ codesPostaux = [] }) => codesPostaux))
  const places = [...communesOf(vintage), ...arrondissements].toSorted((left, right) =>
    left.code < right.code ? -1 : 1,
  )
  return {
    codes: places.map(({ code }) => code),
    sirens: places.map(({ siren = '' }) => siren),
    postalCodes: places.map(({ type, codesPostaux = [] }) =>
      codesPostaux.filter((code) => type === 'arrondissement-municipal' || !inParts.has(code)).join(' '),
    ),
  }
}
