/** The pupils of France at one rentrée, by the dataset that lists their schools. */
interface PublishedTotals {
  readonly year: number
  readonly pupils: Readonly<Record<EnrolmentDataset, number>>
}

/** The datasets of the ministry that count the pupils of each school. */
export type EnrolmentDataset =
  | 'fr-en-ecoles-effectifs-nb_classes'
  | 'fr-en-college-effectifs-niveau-sexe-lv'
  | 'fr-en-lycee_gt-effectifs-niveau-sexe-lv'
  | 'fr-en-lycee_pro-effectifs-niveau-sexe-lv'

/**
 * Pupils of the public sector and of the private sector under contract, France in the sense of the DEPP (métropole,
 * DROM, Saint-Barthélemy and Saint-Martin), under the Éducation nationale. Écoles: DEPP, Note d'information 25.58,
 * figure 7. Collège cycle with SEGPA, and lycées without prépa-seconde: DEPP, RERS 2026.
 */
export const PUBLISHED_TOTALS: readonly PublishedTotals[] = [
  {
    year: 2023,
    pupils: {
      'fr-en-ecoles-effectifs-nb_classes': 6_339_913,
      'fr-en-college-effectifs-niveau-sexe-lv': 3_404_820,
      'fr-en-lycee_gt-effectifs-niveau-sexe-lv': 1_618_820,
      'fr-en-lycee_pro-effectifs-niveau-sexe-lv': 633_046,
    },
  },
  {
    year: 2024,
    pupils: {
      'fr-en-ecoles-effectifs-nb_classes': 6_261_780,
      'fr-en-college-effectifs-niveau-sexe-lv': 3_386_832,
      'fr-en-lycee_gt-effectifs-niveau-sexe-lv': 1_597_454,
      'fr-en-lycee_pro-effectifs-niveau-sexe-lv': 650_085,
    },
  },
  {
    year: 2025,
    pupils: {
      'fr-en-ecoles-effectifs-nb_classes': 6_154_916,
      'fr-en-college-effectifs-niveau-sexe-lv': 3_359_928,
      'fr-en-lycee_gt-effectifs-niveau-sexe-lv': 1_598_397,
      'fr-en-lycee_pro-effectifs-niveau-sexe-lv': 661_631,
    },
  },
]
