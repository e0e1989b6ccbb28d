/** Rows of écoles typed by hand. */

/** One row of the écoles, all pupils in CP. */
export const ecole = (facts: {
  uai: string
  pupils: number | string
  commune: string
  departement?: string
  year?: number
}) => ({
  'Rentrée scolaire': `${facts.year ?? 2022}`,
  Département: facts.departement ?? 'ILLE-ET-VILAINE',
  Commune: facts.commune,
  "Numéro de l'école": facts.uai,
  'Dénomination principale': 'ECOLE',
  Patronyme: 'DES TILLEULS',
  Secteur: 'PUBLIC',
  'Nombre total de classes': '1',
  "Nombre total d'élèves": `${facts.pupils}`,
  "Nombre d'élèves en pré-élémentaire hors ULIS": '0',
  "Nombre d'élèves en élémentaire hors ULIS": `${facts.pupils}`,
  "Nombre d'élèves en ULIS": '0',
  "Nombre d'élèves en CP hors ULIS": `${facts.pupils}`,
  "Nombre d'élèves en CE1 hors ULIS": '0',
  "Nombre d'élèves en CE2 hors ULIS": '0',
  "Nombre d'élèves en CM1 hors ULIS": '0',
  "Nombre d'élèves en CM2 hors ULIS": '0',
})
