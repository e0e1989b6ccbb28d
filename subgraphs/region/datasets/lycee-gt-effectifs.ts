import type { ColumnContract, DatasetDescriptor } from '../../../core/observations/dataset.ts'

/** The series of each level in the file; those of the first list are also given by sex. */
const SERIES = ['g', 'sti2d', 'stl', 'stmg', 'st2s', 'std2a'] as const
const SERIES_WITHOUT_SEX = ['sthr', 'tmd', 'bt'] as const
const LEVELS = {
  SECONDE: { label: '2ndes', bySex: ['2ndes_gt'], other: ['2ndes_sthr', '2ndes_tmd', '2ndes_bt'] },
  PREMIERE: {
    label: '1ères',
    bySex: SERIES.map((series) => `1eres_${series}`),
    other: SERIES_WITHOUT_SEX.map((series) => `1eres_${series}`),
  },
  TERMINALE: {
    label: 'Terminales',
    bySex: SERIES.map((series) => `terminales_${series}`),
    other: SERIES_WITHOUT_SEX.map((series) => `terminales_${series}`),
  },
} as const

/** Counts that an edition may lack: a column that is not there is not broken down, never 0. */
const levelColumns: Readonly<Record<string, ColumnContract>> = Object.fromEntries(
  Object.values(LEVELS).flatMap(({ label, bySex, other }) =>
    [...bySex, ...other, ...bySex.flatMap((column) => [`${column}_filles`, `${column}_garcons`])].map((column) => [
      column,
      { names: [column, column.replace(/^[^_]+/, label)], type: 'count', required: false, nullable: true },
    ]),
  ),
)

const sumOfColumns = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(' + ')
const allBySex = Object.values(LEVELS).flatMap(({ bySex }) => bySex)
const levelSums = Object.entries(LEVELS).map(
  ([level, { bySex, other }]) => `${sumOfColumns([...bySex, ...other])} AS "LEVEL=${level}"`,
)
const sexSums = [
  `${sumOfColumns(allBySex.map((column) => `${column}_filles`))} AS "SEX=F"`,
  `${sumOfColumns(allBySex.map((column) => `${column}_garcons`))} AS "SEX=M"`,
]

/** Pupils of the general and technological, owned by the régions. */
export default {
  id: 'fr-en-lycee_gt-effectifs-niveau-sexe-lv',
  title:
    "Effectifs d'élèves par niveau, sexe, langues vivantes 1 et 2 les plus fréquentes, par lycée d'enseignement général et technologique",
  description:
    'Pupils of the general and technological classes of each public and private (sous contrat) lycée at the rentrée, by level and language.',
  owner: 'region',
  roles: {
    competent: 'Régions, or the collectivité in their stead',
    legalBasis: "Code de l'éducation, article L214-6",
    producer: 'School heads and rectorats, consolidated by the DEPP',
    publisher: "Ministère de l'Éducation nationale (data.education.gouv.fr)",
  },
  licence: 'etalab-2.0',
  attribution:
    "Ministère de l'Éducation nationale, DEPP — Effectifs d'élèves par niveau, sexe, langues vivantes 1 et 2 les plus fréquentes, par lycée d'enseignement général et technologique",
  sourceUrl: 'https://data.education.gouv.fr/explore/dataset/fr-en-lycee_gt-effectifs-niveau-sexe-lv/',
  updateFrequency: 'ANNUAL',
  // The pupils of a rentrée are expected by 31 August of the year after.
  publishedWithin: 20,
  source: {
    kind: 'portal',
    host: 'data.education.gouv.fr',
    datasetId: 'fr-en-lycee_gt-effectifs-niveau-sexe-lv',
    periodField: 'rentree_scolaire',
  },
  fileNames: [/^fr-en-lycee_gt-effectifs-niveau-sexe-lv/],
  columns: {
    rentree: { names: ['Rentrée scolaire', 'rentree_scolaire'], type: 'year' },
    departement: { names: ['Département', 'departement'], type: 'text' },
    commune: { names: ['Commune', 'commune'], type: 'text' },
    code_commune: { names: ['Code commune', 'code_commune'], type: 'commune', required: false },
    uai: { names: ['Numéro du lycée', 'numero_lycee'], type: 'uai' },
    denomination: { names: ['Dénomination principale', 'denomination_principale'], type: 'text', nullable: true },
    patronyme: { names: ['Patronyme', 'patronyme'], type: 'text', nullable: true },
    secteur: { names: ['Secteur', 'secteur'], type: 'text' },
    total: { names: ["Nombre d'élèves", "Nombre d'élèves total", 'nombre_d_eleves'], type: 'count' },
    ...levelColumns,
  },
  invariants: [],
  unique: { columns: ['uai', 'rentree'], onRepeat: 'REFUSE' },
  mapping: `
    SELECT rentree AS period, uai AS contributor, concat_ws(' ', denomination, patronyme) AS contributor_name,
           'LYCEE' AS kind, uai, code_commune AS commune_code, commune AS commune_label,
           departement AS departement_label, true AS in_scope, total AS "pupils-upper-secondary-gt",
           CASE secteur WHEN 'PUBLIC' THEN 'PUBLIC' WHEN 'PRIVE' THEN 'PRIVATE' END AS "SECTOR",
           ${[...levelSums, ...sexSums].join(', ')}
    FROM checked`,
  contributors: 'SCHOOLS',
  contributorNoun: {
    one: 'establishment with general and technological classes',
    many: 'establishments with general and technological classes',
  },
  absentUnit: 'DEPARTEMENT',
  extent: { always: 'ALL_DEPARTEMENTS', collectivities: ['977', '978'], whenReported: ['975', '986', '987', '988'] },
  firstPeriod: 2019,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  rule: 'Sum of nombre_d_eleves over the establishments located in the commune.',
  measures: [
    {
      measure: 'pupils-upper-secondary',
      defines: {
        id: 'pupils-upper-secondary',
        title: 'Pupils of the lycée cycle',
        titleFr: 'Élèves du second cycle du second degré (lycée)',
        description:
          'Pupils schooled in the lycées of the territory, general, technological and vocational, public and private sous contrat, at the rentrée; no agricultural lycées, apprentices or post-bac.',
        unit: 'pupils',
        unitFr: 'élèves',
        owner: 'region',
        competent: 'Régions, or the collectivité in their stead',
        legalBasis: "Code de l'éducation, article L214-6",
        additivity: { kind: 'COUNT' },
        communeMethod: 'CONSOLIDATED',
        kinds: ['LYCEE', 'EREA'],
        parts: ['pupils-upper-secondary-gt', 'pupils-upper-secondary-pro'],
      },
    },
    {
      measure: 'pupils-upper-secondary-gt',
      breakdownBy: ['SECTOR', 'LEVEL', 'SEX'],
      defines: {
        id: 'pupils-upper-secondary-gt',
        title: 'Pupils of general and technological lycées',
        titleFr: 'Élèves du second cycle général et technologique',
        description:
          'Pupils schooled in general and technological classes of the territory (2nde to terminale), public and private sous contrat, at the rentrée; no agricultural lycées, apprentices or post-bac.',
        unit: 'pupils',
        unitFr: 'élèves',
        owner: 'region',
        competent: 'Régions, or the collectivité in their stead',
        legalBasis: "Code de l'éducation, article L214-6",
        additivity: { kind: 'COUNT' },
        communeMethod: 'CONSOLIDATED',
        kinds: ['LYCEE', 'EREA'],
      },
    },
  ],
  examples: [
    {
      says: 'a row gives the pupils of one establishment and rentrée',
      row: {
        rentree_scolaire: '2020',
        departement: 'AIN',
        commune: 'AMBERIEU-EN-BUGEY',
        numero_lycee: '0019997X',
        denomination_principale: 'LYCEE POLYVALENT',
        patronyme: 'DES TILLEULS',
        secteur: 'PUBLIC',
        nombre_d_eleves: '98',
      },
      gives: {
        period: 2020,
        contributor: '0019997X',
        commune_label: 'AMBERIEU-EN-BUGEY',
        'pupils-upper-secondary-gt': 98,
      },
    },
  ],
} satisfies DatasetDescriptor
