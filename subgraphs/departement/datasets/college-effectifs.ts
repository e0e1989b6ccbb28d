import type { DatasetDescriptor } from '../../../core/observations/dataset.ts'

/** Pupils of the collège cycle, owned by the départements; lycées and EREA that hold collège classes are in it. */
export default {
  id: 'fr-en-college-effectifs-niveau-sexe-lv',
  title: "Effectifs d'élèves par niveau, sexe, langues vivantes 1 et 2 les plus fréquentes, par collège",
  description:
    'Pupils of the collège cycle (6e to 3e, SEGPA and ULIS included) in each public and private (sous contrat) establishment at the rentrée; DIMA and dispositifs-relais are left out by the source.',
  owner: 'departement',
  roles: {
    competent: 'Départements, or the collectivité in their stead',
    legalBasis: "Code de l'éducation, article L213-2",
    producer: 'School heads and rectorats, consolidated by the DEPP',
    publisher: "Ministère de l'Éducation nationale (data.education.gouv.fr)",
  },
  licence: 'etalab-2.0',
  attribution:
    "Ministère de l'Éducation nationale, DEPP — Effectifs d'élèves par niveau, sexe, langues vivantes, par collège",
  sourceUrl: 'https://data.education.gouv.fr/explore/dataset/fr-en-college-effectifs-niveau-sexe-lv/',
  updateFrequency: 'ANNUAL',
  source: {
    kind: 'portal',
    host: 'data.education.gouv.fr',
    datasetId: 'fr-en-college-effectifs-niveau-sexe-lv',
    periodField: 'rentree_scolaire',
  },
  fileNames: [/^fr-en-college-effectifs-niveau-sexe-lv/],
  columns: {
    rentree: { names: ['Rentrée scolaire', 'rentree_scolaire'], type: 'year' },
    departement: { names: ['Département', 'departement'], type: 'text' },
    commune: { names: ['Commune', 'commune'], type: 'text' },
    code_commune: { names: ['Code commune', 'code_commune'], type: 'commune', required: false },
    uai: { names: ['Numéro du collège', 'numero_college'], type: 'uai' },
    denomination: { names: ['Dénomination principale', 'denomination_principale'], type: 'text', nullable: true },
    patronyme: { names: ['Patronyme', 'patronyme'], type: 'text', nullable: true },
    secteur: { names: ['Secteur', 'secteur'], type: 'text' },
    total: {
      names: [
        "Nombre d'élèves total (nombre d'élèves dans les formations du 1er cycle du 2nd degré et non du nombre total d'élèves inscrits dans l'établissement, les DIMA et les dispositifs-relais sont exclus)",
        "Nombre d'élèves total",
        'nombre_eleves_total',
      ],
      type: 'count',
    },
    sixiemes: { names: ['Nombre total de 6èmes', 'nombre_total_de_6emes', '6eme_total'], type: 'count' },
    cinquiemes: { names: ['Nombre total de 5èmes', 'nombre_total_de_5emes', '5eme_total'], type: 'count' },
    quatriemes: { names: ['Nombre total de 4èmes', 'nombre_total_de_4emes', '4eme_total'], type: 'count' },
    troisiemes: { names: ['Nombre total de 3èmes', 'nombre_total_de_3emes', '3eme_total'], type: 'count' },
  },
  invariants: [
    {
      holds: 'total = sixiemes + cinquiemes + quatriemes + troisiemes',
      says: 'the total is 6e + 5e + 4e + 3e',
    },
  ],
  unique: { columns: ['uai', 'rentree'], onRepeat: 'REFUSE' },
  mapping: `
    SELECT rentree AS period, uai AS contributor, concat_ws(' ', denomination, patronyme) AS contributor_name,
           'COLLEGE' AS kind, uai, code_commune AS commune_code, commune AS commune_label,
           departement AS departement_label, true AS in_scope, total AS "pupils-lower-secondary"
    FROM checked`,
  contributors: 'SCHOOLS',
  contributorNoun: { one: 'establishment with collège classes', many: 'establishments with collège classes' },
  absentUnit: 'DEPARTEMENT',
  extent: { always: 'ALL_DEPARTEMENTS', collectivities: ['977', '978'], whenReported: ['975', '986', '987', '988'] },
  firstPeriod: 2019,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  rule: 'Sum of the collège-cycle pupils of the establishments located in the commune.',
  measures: [
    {
      measure: 'pupils-lower-secondary',
      defines: {
        id: 'pupils-lower-secondary',
        title: 'Pupils of the collège cycle',
        description:
          'Pupils schooled in collège classes of the territory (6e to 3e, SEGPA and ULIS included), public and private sous contrat, at the rentrée; where they go to school, not where they live.',
        unit: 'pupils',
        owner: 'departement',
        competent: 'Départements, or the collectivité in their stead',
        legalBasis: "Code de l'éducation, article L213-2",
        additivity: { kind: 'COUNT' },
        communeMethod: 'CONSOLIDATED',
      },
    },
  ],
  register: { kinds: ['COLLEGE'] },
  examples: [
    {
      says: 'a lycée that holds collège classes counts with those classes only',
      row: {
        'Rentrée scolaire': '2021',
        Département: 'AIN',
        Commune: 'AMBERIEU-EN-BUGEY',
        'Numéro du collège': '0019998Y',
        'Dénomination principale': 'LYCEE POLYVALENT PRIVE',
        Patronyme: '',
        Secteur: 'PRIVE',
        "Nombre d'élèves total": '34',
        'Nombre total de 6èmes': '0',
        'Nombre total de 5èmes': '0',
        'Nombre total de 4èmes': '0',
        'Nombre total de 3èmes': '34',
      },
      gives: { period: 2021, contributor: '0019998Y', kind: 'COLLEGE', 'pupils-lower-secondary': 34 },
    },
  ],
} satisfies DatasetDescriptor
