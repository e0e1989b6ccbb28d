import type { PublishedSeries } from '../../../../core/observations/published.ts'

const NOTE_25_58 = "DEPP, Note d'information 25.58, figure 7"
const NOTE_25_58_LEVELS = "DEPP, Notes d'information 23.50 and 25.58, figure 1"
const RERS_2026 = 'DEPP, Repères et références statistiques (RERS) 2026'
const RERS_2026_PUBLIC = 'DEPP, RERS 2026, public écoles'

/** When these figures were read from the publications and typed in. */
export const DEPP_RECORDED_AT = '2026-11-22T00:00:00.000Z'

/** Pupils that the published lycée totals leave out and show beside them. */
const PREPA_SECONDE = { says: 'prépa-seconde classes, published apart', values: { 2024: 1_320, 2025: 1_023 } }

/**
 * Pupils as the DEPP publishes them, by scope, sector and level. Its "France" is the métropole with 971 to 974, 976, 977
 * and 978; "private" is privé sous contrat; "France and COM" is the whole Republic. Lycées are counted without
 * prépa-seconde.
 */
export const DEPP_SERIES: readonly PublishedSeries[] = [
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PUBLIC' },
    source: NOTE_25_58,
    values: { 2023: 5_486_460, 2024: 5_411_649, 2025: 5_315_627 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PRIVATE' },
    source: NOTE_25_58,
    values: { 2023: 853_453, 2024: 850_131, 2025: 839_289 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: {},
    source: NOTE_25_58,
    values: { 2023: 6_339_913, 2024: 6_261_780, 2025: 6_154_916 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:metropole',
    key: { SECTOR: 'PUBLIC' },
    source: NOTE_25_58,
    values: { 2023: 5_210_663, 2024: 5_135_178, 2025: 5_039_680 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:metropole',
    key: { SECTOR: 'PRIVATE' },
    source: NOTE_25_58,
    values: { 2023: 832_452, 2024: 829_066, 2025: 818_150 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:metropole',
    key: {},
    source: NOTE_25_58,
    values: { 2023: 6_043_115, 2024: 5_964_244, 2025: 5_857_830 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-drom',
    key: { SECTOR: 'PUBLIC' },
    source: NOTE_25_58,
    values: { 2023: 275_797, 2024: 276_471, 2025: 275_947 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-drom',
    key: { SECTOR: 'PRIVATE' },
    source: NOTE_25_58,
    values: { 2023: 21_001, 2024: 21_065, 2025: 21_139 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-drom',
    key: {},
    source: NOTE_25_58,
    values: { 2023: 296_798, 2024: 297_536, 2025: 297_086 },
  },
  {
    measure: 'pupils-primary',
    scope: 'departement:976',
    key: { SECTOR: 'PUBLIC' },
    source: NOTE_25_58,
    values: { 2023: 62_680, 2024: 63_766, 2025: 65_234 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PUBLIC', LEVEL: 'PRE_ELEMENTAIRE' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 1_998_718, 2024: 1_977_175, 2025: 1_943_611 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PRIVATE', LEVEL: 'PRE_ELEMENTAIRE' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 286_881, 2024: 289_589, 2025: 288_015 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { LEVEL: 'PRE_ELEMENTAIRE' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 2_285_599, 2024: 2_266_764, 2025: 2_231_626 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PUBLIC', LEVEL: 'ULIS' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 52_238, 2024: 52_935, 2025: 53_422 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PRIVATE', LEVEL: 'ULIS' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 3_664, 2024: 3_624, 2025: 3_630 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { LEVEL: 'ULIS' },
    source: NOTE_25_58_LEVELS,
    values: { 2023: 55_902, 2024: 56_559, 2025: 57_052 },
  },
  {
    measure: 'pupils-primary',
    scope: 'grouping:depp-france',
    key: { SECTOR: 'PUBLIC', LEVEL: 'UEEA' },
    source: NOTE_25_58_LEVELS,
    values: { 2024: 1_222, 2025: 1_603 },
  },
  {
    measure: 'pupils-lower-secondary',
    scope: 'grouping:depp-france',
    key: {},
    source: RERS_2026,
    values: { 2023: 3_404_820, 2024: 3_386_832, 2025: 3_359_928 },
  },
  {
    measure: 'pupils-upper-secondary-gt',
    scope: 'grouping:depp-france',
    key: {},
    source: RERS_2026,
    values: { 2023: 1_618_820, 2024: 1_597_454, 2025: 1_598_397 },
    apart: PREPA_SECONDE,
  },
  {
    measure: 'pupils-upper-secondary-pro',
    scope: 'grouping:depp-france',
    key: {},
    source: RERS_2026,
    values: { 2023: 633_046, 2024: 650_085, 2025: 661_631 },
  },
  {
    measure: 'pupils-primary',
    scope: 'departement:75',
    key: { SECTOR: 'PUBLIC' },
    source: RERS_2026_PUBLIC,
    values: { 2019: 122_415, 2020: 118_692, 2021: 112_631, 2022: 108_538, 2023: 105_848, 2024: 103_593, 2025: 101_071 },
  },
  {
    measure: 'pupils-primary',
    scope: 'departement:93',
    key: { SECTOR: 'PUBLIC' },
    source: RERS_2026_PUBLIC,
    values: { 2019: 192_261, 2020: 191_191, 2021: 187_497, 2022: 186_344, 2023: 185_782, 2024: 183_522, 2025: 181_230 },
  },
  {
    measure: 'pupils-primary',
    scope: 'nation:FR',
    key: { SECTOR: 'PUBLIC' },
    source: RERS_2026_PUBLIC,
    values: {
      2019: 5_821_253,
      2020: 5_747_174,
      2021: 5_668_156,
      2022: 5_617_998,
      2023: 5_538_272,
      2024: 5_462_329,
      2025: 5_365_524,
    },
  },
]
