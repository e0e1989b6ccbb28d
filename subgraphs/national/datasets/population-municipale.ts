import type { DatasetDescriptor } from '../../../core/observations/dataset.ts'

/** Legal populations of the communes, embedded through the COG package: real without any network. */
export default {
  id: 'population-municipale',
  title: 'Populations de référence des communes : population municipale',
  description:
    'Population municipale of each commune at the census reference year, from INSEE through the npm package @etalab/decoupage-administratif. Higher tiers are summed from the communes.',
  owner: 'national',
  roles: {
    competent: 'État',
    legalBasis: 'Loi n° 2002-276 du 27 février 2002, article 156',
    producer: 'INSEE, with the communes that take the census',
    publisher: 'INSEE; packaged by Etalab',
  },
  licence: 'etalab-2.0',
  attribution: 'INSEE — Populations de référence (population municipale), via @etalab/decoupage-administratif',
  sourceUrl: 'https://www.insee.fr/fr/information/2008354',
  updateFrequency: 'ANNUAL',
  // In force on 1 January, three years after that of the census reference year: 2023 since 1 January 2026.
  publishedWithin: 36,
  source: { kind: 'cog' },
  fileNames: [],
  columns: {
    annee: { names: ['annee'], type: 'year' },
    millesime: { names: ['millesime'], type: 'year' },
    commune: { names: ['commune'], type: 'commune' },
    nom: { names: ['nom'], type: 'text' },
    population: { names: ['population'], type: 'count' },
  },
  invariants: [],
  unique: { columns: ['commune', 'annee'], onRepeat: 'REFUSE' },
  mapping: `
    SELECT annee AS period, commune AS contributor, nom AS contributor_name, commune AS commune_code, millesime AS commune_vintage,
           nom AS commune_label, true AS in_scope, population AS "population-municipale"
    FROM checked`,
  contributors: 'COMMUNES',
  contributorNoun: { one: 'commune', many: 'communes' },
  absentUnit: 'COMMUNE',
  extent: {
    always: 'ALL_DEPARTEMENTS',
    collectivities: [],
    // 984 and 989 have no permanent population; the others are not in every edition of the package.
    whenReported: ['975', '977', '978', '986', '987', '988'],
  },
  firstPeriod: 2016,
  whenPeriodAbsent: 'NOT_PUBLISHED',
  rule: 'Population municipale as published by INSEE for the commune; communes merged since are added up.',
  measures: [
    {
      measure: 'population-municipale',
      defines: {
        id: 'population-municipale',
        title: 'Population municipale',
        titleFr: 'Population municipale',
        description:
          'People who have their usual residence in the territory (population municipale), at the census reference year.',
        unit: 'inhabitants',
        unitFr: 'habitants',
        owner: 'national',
        competent: 'État',
        legalBasis: 'Loi n° 2002-276 du 27 février 2002, article 156',
        additivity: { kind: 'COUNT' },
        communeMethod: 'PUBLISHED',
      },
    },
    {
      measure: 'pupils-primary-per-1000-inhabitants',
      defines: {
        id: 'pupils-primary-per-1000-inhabitants',
        title: 'Primary pupils schooled per 1,000 inhabitants',
        titleFr: 'Élèves du premier degré scolarisés pour 1\u202f000 habitants',
        description:
          'Pupils of the écoles of the territory for 1,000 of its inhabitants, rebuilt from both at every tier; schooled in the territory, not resident in it. The notes name both years.',
        unit: 'pupils per 1,000 inhabitants',
        unitFr: 'élèves pour 1\u202f000 habitants',
        owner: 'national',
        competent: 'Communes',
        legalBasis: "Code de l'éducation, article L212-4",
        additivity: {
          kind: 'RATIO',
          numerator: 'pupils-primary',
          denominator: 'population-municipale',
          per: 1000,
          madeAt: 'INGEST',
        },
        communeMethod: 'CONSOLIDATED',
      },
    },
  ],
  notes: [
    {
      text: 'Census 2016: communes that took others in between 2 January 2018 and 1 January 2019 have no figure, since the source gives under their code that of one of their parts.',
      from: 2016,
      to: 2016,
    },
    {
      text: 'The figure of Mayotte is that of its census of 2017, in force since.',
      from: 2018,
      departements: ['976'],
    },
    {
      text: 'Wallis-et-Futuna, Polynésie française and Nouvelle-Calédonie have censuses of their own dates: theirs is the newest figure in force.',
      departements: ['986', '987', '988'],
    },
  ],
  examples: [
    {
      says: 'a commune has one figure a census year',
      row: { annee: '2023', millesime: '2026', commune: '01004', nom: 'Ambérieu-en-Bugey', population: '15934' },
      gives: { period: 2023, contributor: '01004', 'population-municipale': 15934 },
    },
  ],
} satisfies DatasetDescriptor
