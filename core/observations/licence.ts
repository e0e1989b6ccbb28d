/** A licence under which data may be reused. */
export interface Licence {
  /** SPDX identifier where there is one. */
  readonly id: string
  readonly title: string
  readonly url: string
}

/** The licences of the datasets held; a descriptor names one by its key. */
export const LICENCES = {
  'etalab-2.0': {
    id: 'etalab-2.0',
    title: 'Licence Ouverte 2.0',
    url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
  },
  'CC0-1.0': { id: 'CC0-1.0', title: 'CC0 1.0 Universal', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
} as const satisfies Record<string, Licence>

/** The key of a licence in {@link LICENCES}. */
export type LicenceId = keyof typeof LICENCES
