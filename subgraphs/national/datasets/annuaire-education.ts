import type { DatasetDescriptor } from '../../../core/observations/dataset.ts'
import { PUPILS_TOTAL } from './made/pupils-total.ts'

const WHOLE_ESTABLISHMENT =
  'From the directory: one count for the whole establishment, without distinction of cycles; it yields to the enrolment dataset.'

/** The directory of establishments: where each school is, what it is, and a weaker count of its pupils. */
export default {
  id: 'fr-en-annuaire-education',
  title: "Annuaire de l'éducation",
  description:
    'Every public and private establishment under the Éducation nationale: name, kind, sector, contract, position, commune, and one pupil count, of an earlier rentrée than the file itself. Read in all its columns or in a 14-column extract.',
  owner: 'national',
  roles: {
    competent: 'État',
    legalBasis: "Code de l'éducation, article L211-1",
    producer: 'Rectorats and DEPP (répertoire RAMSESE)',
    publisher: "Ministère de l'Éducation nationale (data.education.gouv.fr)",
  },
  licence: 'etalab-2.0',
  attribution: "Ministère de l'Éducation nationale — Annuaire de l'éducation",
  sourceUrl: 'https://data.education.gouv.fr/explore/dataset/fr-en-annuaire-education/',
  updateFrequency: 'CONTINUOUS',
  source: { kind: 'portal', host: 'data.education.gouv.fr', datasetId: 'fr-en-annuaire-education' },
  fileNames: [/^fr-en-annuaire-education/, /^annuaire-education/],
  columns: {
    uai: { names: ['identifiant_de_l_etablissement', 'uai'], type: 'uai' },
    nom: { names: ['nom_etablissement', 'nom'], type: 'text' },
    type: { names: ['type_etablissement', 'type'], type: 'text', nullable: true },
    secteur: { names: ['statut_public_prive', 'secteur'], type: 'text', nullable: true },
    commune_code: { names: ['code_commune'], type: 'commune', nullable: true },
    commune_nom: { names: ['nom_commune'], type: 'text', nullable: true },
    eleves: { names: ['nombre_d_eleves'], type: 'count', nullable: true },
    contrat: { names: ['type_contrat_prive'], type: 'text', required: false, nullable: true },
    departement: { names: ['libelle_departement'], type: 'text', required: false, nullable: true },
    ouverture: { names: ['date_ouverture'], type: 'date', required: false, nullable: true },
    tutelle: { names: ['ministere_tutelle'], type: 'text', required: false, nullable: true },
    maj: { names: ['date_maj_ligne'], type: 'date', required: false, nullable: true },
    longitude: { names: ['longitude', 'lon'], type: 'decimal', nullable: true },
    latitude: { names: ['latitude', 'lat'], type: 'decimal', nullable: true },
  },
  invariants: [],
  unique: { columns: ['uai', 'type'], onRepeat: 'KEEP_FIRST' },
  mapping: `
    SELECT uai AS contributor, nom AS contributor_name, uai, commune_code, commune_nom AS commune_label,
           departement AS departement_label, ouverture AS opened, maj AS updated, longitude, latitude,
           -- The file of 2023 writes C0NTRAT with a zero.
           CASE WHEN contrat ILIKE '%hors contrat%' THEN 'HORS_CONTRAT' WHEN contrat ILIKE '%association%' THEN 'ASSOCIATION'
                WHEN contrat ILIKE '%simple%' THEN 'SIMPLE' WHEN contrat ILIKE 'sans objet' THEN 'SANS_OBJET'
                WHEN contrat IS NOT NULL THEN 'OTHER' END AS contract,
           CASE WHEN nom ILIKE 'section d%' AND eleves IS NULL THEN 'OTHER'
                WHEN type = 'Ecole' THEN 'ECOLE' WHEN type = 'Collège' THEN 'COLLEGE' WHEN type = 'Lycée' THEN 'LYCEE'
                WHEN type = 'EREA' THEN 'EREA' ELSE 'OTHER' END AS kind,
           CASE WHEN tutelle NOT ILIKE '%education nationale%' OR contrat ILIKE '%hors contrat%' THEN false
                WHEN contrat IS NOT NULL OR secteur = 'Public' THEN true END AS in_scope,
           CASE secteur WHEN 'Public' THEN 'PUBLIC' WHEN 'Privé' THEN 'PRIVATE' END AS "SECTOR",
           CASE WHEN type = 'Ecole' THEN eleves END AS "pupils-primary",
           CASE WHEN type = 'Collège' THEN eleves END AS "pupils-lower-secondary",
           CASE WHEN type = 'Lycée' THEN eleves END AS "pupils-upper-secondary"
    FROM checked`,
  contributors: 'SCHOOLS',
  contributorNoun: { one: 'school of the directory', many: 'schools of the directory' },
  absentUnit: 'COMMUNE',
  extent: { always: 'ALL_DEPARTEMENTS', collectivities: ['977', '978'], whenReported: ['975', '986', '987', '988'] },
  firstPeriod: 2021,
  whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
  rule: "Sum of nombre_d_eleves over the directory's schools of the kind located in the commune, each UAI once.",
  measures: [
    {
      measure: 'pupils-primary',
      breakdownBy: ['SECTOR'],
      kinds: ['ECOLE'],
      yieldsTo: ['fr-en-ecoles-effectifs-nb_classes'],
      note: WHOLE_ESTABLISHMENT,
      shortfall: 'écoles closed between the rentrée of the counts and the edition of the file are not in it',
    },
    {
      measure: 'pupils-lower-secondary',
      breakdownBy: ['SECTOR'],
      kinds: ['COLLEGE'],
      yieldsTo: ['fr-en-college-effectifs-niveau-sexe-lv'],
      note: `${WHOLE_ESTABLISHMENT} Collège classes held by lycées and EREA are not in it.`,
      shortfall:
        'collège classes held by lycées and EREA, and collèges closed between the rentrée of the counts and the edition of the file, are not in it',
    },
    {
      measure: 'pupils-upper-secondary',
      breakdownBy: ['SECTOR'],
      kinds: ['LYCEE'],
      yieldsTo: ['fr-en-lycee_gt-effectifs-niveau-sexe-lv', 'fr-en-lycee_pro-effectifs-niveau-sexe-lv'],
      note: `${WHOLE_ESTABLISHMENT} Post-bac and collège classes held by lycées are in it.`,
    },
    {
      measure: PUPILS_TOTAL.id,
      defines: PUPILS_TOTAL,
      // That of the enrolment datasets, which come first for each part.
      firstPeriod: 2019,
      note: 'The sum of what the three owners answer; the directory is the weakest source of each part.',
    },
  ],
  // A section (SEGPA, SEP) without a count is a part of a collège or lycée that counts its pupils: no school of its own.
  // The counts are older than the file; which rentrée they describe was found by comparison with the enrolment datasets
  // and with DEPP's totals, and is declared here: an edition not listed gives no counts, only facts.
  editions: [
    { match: { updated: '2023-06' }, period: 2021, situation: 2022 },
    { match: { updated: '2025-06' }, period: 2023, situation: 2024 },
    { match: { fileName: /extract-2025-06/ }, period: 2023, situation: 2024 },
  ],
  examples: [
    {
      says: 'an école without contract is out of scope, and its missing count is no zero',
      row: {
        Identifiant_de_l_etablissement: '0019996W',
        Nom_etablissement: 'École des Tilleuls',
        Type_etablissement: 'Ecole',
        Statut_public_prive: 'Privé',
        Code_commune: '01004',
        Nom_commune: 'Ambérieu-en-Bugey',
        Nombre_d_eleves: '',
        Type_contrat_prive: 'HORS CONTRAT',
        date_ouverture: '2018-09-01',
        longitude: '5,35',
        latitude: '45.96',
      },
      gives: {
        contributor: '0019996W',
        kind: 'ECOLE',
        in_scope: false,
        contract: 'HORS_CONTRAT',
        'pupils-primary': null,
        longitude: 5.35,
      },
    },
    {
      says: 'a section is a part of the collège that counts its pupils, and is not expected to report',
      row: {
        uai: '0019993T',
        nom: "Section d'enseignement général et professionnel adapté du Collège des Tilleuls",
        type: 'Collège',
        secteur: 'Public',
        code_commune: '01004',
        nom_commune: 'Ambérieu-en-Bugey',
        nombre_d_eleves: '',
        lon: '',
        lat: '',
      },
      gives: { contributor: '0019993T', kind: 'OTHER', 'pupils-lower-secondary': null },
    },
    {
      says: 'a lycée of the ministry of agriculture is out of scope',
      row: {
        Identifiant_de_l_etablissement: '0019994U',
        Nom_etablissement: 'Lycée agricole des Tilleuls',
        Type_etablissement: 'Lycée',
        Statut_public_prive: 'Public',
        Code_commune: '01004',
        Nom_commune: 'Ambérieu-en-Bugey',
        Nombre_d_eleves: '',
        Type_contrat_prive: 'SANS OBJET',
        ministere_tutelle: 'AGRICULTURE',
        longitude: '',
        latitude: '',
      },
      gives: { contributor: '0019994U', kind: 'LYCEE', in_scope: false },
    },
    {
      says: 'the extract does not tell the contract of a private school, so its scope is unknown',
      row: {
        uai: '0019995V',
        nom: 'Collège des Tilleuls',
        type: 'Collège',
        secteur: 'Privé',
        code_commune: '01004',
        nom_commune: 'Ambérieu-en-Bugey',
        nombre_d_eleves: '400',
        lon: '5.35',
        lat: '45.96',
      },
      gives: {
        contributor: '0019995V',
        kind: 'COLLEGE',
        in_scope: null,
        'pupils-lower-secondary': 400,
        'pupils-primary': null,
      },
    },
  ],
} satisfies DatasetDescriptor
