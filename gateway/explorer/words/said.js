/**
 * Sentences of the data that are written in English, in French: who produces and publishes, what a source leaves out, what a reader should
 * know. One that is not here is shown in English, and marked as such.
 * @type {Readonly<Record<string, string>>}
 */
export const SAID = {
  // Who is competent, who produces, who publishes.
  'Départements, or the collectivité in their stead': 'Départements, ou la collectivité qui en tient lieu',
  'Régions, or the collectivité in their stead': 'Régions, ou la collectivité qui en tient lieu',
  'Communes, départements and régions, each for its cycle': 'Communes, départements et régions, chacun pour son cycle',
  'School heads and rectorats, consolidated by the DEPP':
    'Directions d’école et d’établissement, et rectorats\u202f; consolidé par la DEPP',
  'Rectorats and DEPP (répertoire RAMSESE)': 'Rectorats et DEPP (répertoire RAMSESE)',
  'INSEE, with the communes that take the census': 'INSEE, avec les communes qui font le recensement',
  'INSEE; packaged by Etalab': 'INSEE\u202f; mis en paquet par Etalab',
  Communes: 'Communes',
  État: 'État',
  INSEE: 'INSEE',
  "Ministère de l'Éducation nationale (data.education.gouv.fr)":
    'Ministère de l’Éducation nationale (data.education.gouv.fr)',
  // What a dataset counts.
  'Pupils of each public and private (sous contrat) école at the rentrée, counted in early October: pré-élémentaire, élémentaire, ULIS and, from 2024, UEEA.':
    'Élèves de chaque école publique et privée (sous contrat) à la rentrée, comptés début octobre\u00a0: pré-élémentaire, élémentaire, ULIS et, depuis 2024, UEEA.',
  'Pupils of the collège cycle (6e to 3e, SEGPA and ULIS included) in each public and private (sous contrat) establishment at the rentrée; DIMA and dispositifs-relais are left out by the source.':
    'Élèves du cycle collège (de la 6e à la 3e, SEGPA et ULIS comprises) de chaque établissement public et privé (sous contrat) à la rentrée\u202f; la source laisse de côté les DIMA et les dispositifs-relais.',
  'Every public and private establishment under the Éducation nationale: name, kind, sector, contract, position, commune, and one pupil count, of an earlier rentrée than the file itself. Read in all its columns or in a 14-column extract.':
    'Chaque établissement public et privé de l’Éducation nationale\u00a0: nom, nature, secteur, contrat, position, commune, et un nombre d’élèves, d’une rentrée plus ancienne que le fichier. Lu dans toutes ses colonnes ou dans un extrait de 14 colonnes.',
  'Population municipale of each commune at the census reference year, from INSEE through the npm package @etalab/decoupage-administratif. Higher tiers are summed from the communes.':
    'Population municipale de chaque commune à l’année de référence du recensement, de l’INSEE par le paquet npm @etalab/decoupage-administratif. Les échelons supérieurs sont la somme des communes.',
  'Pupils of the general and technological classes of each public and private (sous contrat) lycée at the rentrée, by level and language.':
    'Élèves des classes générales et technologiques de chaque lycée public et privé (sous contrat) à la rentrée, par niveau et par langue.',
  'Pupils of the vocational classes of each public and private (sous contrat) lycée at the rentrée, by level and language.':
    'Élèves des classes professionnelles de chaque lycée public et privé (sous contrat) à la rentrée, par niveau et par langue.',
  // What makes a source weaker.
  'From the directory: one count for the whole establishment, without distinction of cycles; it yields to the enrolment dataset.':
    'De l’annuaire, un seul compte pour tout l’établissement, sans distinction de cycle\u202f; il cède au jeu des effectifs.',
  'From the directory: one count for the whole establishment, without distinction of cycles; it yields to the enrolment dataset. Collège classes held by lycées and EREA are not in it.':
    'De l’annuaire, un seul compte pour tout l’établissement, sans distinction de cycle\u202f; il cède au jeu des effectifs. Les classes de collège tenues par des lycées ou des EREA n’y sont pas.',
  'From the directory: one count for the whole establishment, without distinction of cycles; it yields to the enrolment dataset. Post-bac and collège classes held by lycées are in it.':
    'De l’annuaire, un seul compte pour tout l’établissement, sans distinction de cycle\u202f; il cède au jeu des effectifs. Les classes de post-bac et de collège tenues par des lycées y sont.',
  'The sum of what the three owners answer; the directory is the weakest source of each part.':
    'La somme de ce que répondent les trois propriétaires\u202f; l’annuaire est la source la plus faible de chaque part.',
  // Who is competent in one place.
  'By law the commune. Whether it has handed its écoles, all or some, to its EPCI or to a syndicat (CGCT, articles L5211-17 et L5212-1) is unknown: no source at hand tells.':
    'Selon la loi, la commune. A-t-elle transféré ses écoles, toutes ou certaines, à son intercommunalité ou à un syndicat (CGCT, articles L5211-17 et L5212-1)\u202f? Aucune source disponible ne le dit.',
  "Public schools only: for private ones under contract the collectivité pays its share (code de l'éducation, article L442-5) and is not competent.":
    'Établissements publics seulement\u00a0: pour le privé sous contrat, la collectivité verse sa part (code de l’éducation, article L442-5) et n’est pas compétente.',
  "Public schools only: for private ones under contract the collectivité pays its share (code de l'éducation, articles L442-5 et L442-9) and is not competent.":
    'Établissements publics seulement\u00a0: pour le privé sous contrat, la collectivité verse sa part (code de l’éducation, articles L442-5 et L442-9) et n’est pas compétente.',
  'Unless the département has handed its collèges to a métropole by convention (CGCT, article L5217-2, IV): unknown, no source at hand tells.':
    'Sauf si le département a confié ses collèges à une métropole par convention (CGCT, article L5217-2, IV)\u00a0: inconnu, aucune source disponible ne le dit.',
}
