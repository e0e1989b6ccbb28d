import type { DatasetDescriptor } from '../../../core/observations/dataset.ts'

/** Pupils of the vocational, owned by the régions. */
export default {
  id: 'fr-en-lycee_pro-effectifs-niveau-sexe-lv',
  title: "Effectifs d'élèves par niveau, sexe, langues vivantes 1 et 2 les plus fréquentes, par lycée professionnel",
  description:
    'Pupils of the vocational classes of each public and private (sous contrat) lycée at the rentrée, by level and language.',
  owner: 'region',
  roles: {
    competent: 'Régions, or the collectivité in their stead',
    legalBasis: "Code de l'éducation, article L214-6",
    producer: 'School heads and rectorats, consolidated by the DEPP',
    publisher: "Ministère de l'Éducation nationale (data.education.gouv.fr)",
  },
  licence: 'etalab-2.0',
  attribution:
    "Ministère de l'Éducation nationale, DEPP — Effectifs d'élèves par niveau, sexe, langues vivantes 1 et 2 les plus fréquentes, par lycée professionnel",
  sourceUrl: 'https://data.education.gouv.fr/explore/dataset/fr-en-lycee_pro-effectifs-niveau-sexe-lv/',
  updateFrequency: 'ANNUAL',
  // The pupils of a rentrée are expected by 31 August of the year after.
  publishedWithin: 20,
  source: {
    kind: 'portal',
    host: 'data.education.gouv.fr',
    datasetId: 'fr-en-lycee_pro-effectifs-niveau-sexe-lv',
    periodField: 'rentree_scolaire',
  },
  fileNames: [/^fr-en-lycee_pro-effectifs-niveau-sexe-lv/],
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
  },
  invariants: [],
  unique: { columns: ['uai', 'rentree'], onRepeat: 'REFUSE' },
  mapping: `
    SELECT rentree AS period, uai AS contributor, concat_ws(' ', denomination, patronyme) AS contributor_name,
           'LYCEE' AS kind, uai, code_commune AS commune_code, commune AS commune_label,
           departement AS departement_label, true AS in_scope, total AS "pupils-upper-secondary-pro",
           CASE secteur WHEN 'PUBLIC' THEN 'PUBLIC' WHEN 'PRIVE' THEN 'PRIVATE' END AS "SECTOR"
    FROM checked`,
  contributors: 'SCHOOLS',
  contributorNoun: { one: 'establishment with vocational classes', many: 'establishments with vocational classes' },
  absentUnit: 'DEPARTEMENT',
  extent: { always: 'ALL_DEPARTEMENTS', collectivities: ['977', '978'], whenReported: ['975', '986', '987', '988'] },
  firstPeriod: 2019,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  rule: 'Sum of nombre_d_eleves over the establishments located in the commune.',
  measures: [
    {
      measure: 'pupils-upper-secondary-pro',
      breakdownBy: ['SECTOR'],
      defines: {
        id: 'pupils-upper-secondary-pro',
        title: 'Pupils of vocational lycées',
        titleFr: 'Élèves du second cycle professionnel',
        description:
          'Pupils schooled in vocational classes of the territory (CAP, baccalauréat professionnel), public and private sous contrat, at the rentrée; no agricultural lycées, apprentices or post-bac.',
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
        'pupils-upper-secondary-pro': 98,
      },
    },
  ],
} satisfies DatasetDescriptor
