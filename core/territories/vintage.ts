/**
 * One yearly edition (millésime) of the COG, as `@etalab/decoupage-administratif` writes it: only the fields that Strates
 * reads. A vintage describes 1 January of its year.
 */
export interface Vintage {
  readonly year: number
  readonly communes: readonly VintageCommune[]
  readonly epci: readonly VintageEpci[]
  /** The year of the EPCI perimeters, on its 1 January, where it is not that of the vintage. */
  readonly epciAsOf?: number
  readonly departements: readonly VintageDepartement[]
  readonly regions: readonly VintageRegion[]
}

export interface VintageCommune {
  readonly code: string
  readonly nom: string
  readonly type: 'commune-actuelle' | 'commune-deleguee' | 'commune-associee' | 'arrondissement-municipal'
  readonly departement?: string
  readonly region?: string
  /** Of an arrondissement municipal: its commune. */
  readonly commune?: string
  /** Of a commune déléguée or associée: the commune that it is part of. */
  readonly chefLieu?: string
  /** Population municipale, at the census year of the edition; absent where there is none. */
  readonly population?: number
  /** Codes that the commune had before 1943's successors, Corsica's "20" codes among them. */
  readonly anciensCodes?: readonly string[]
  /** Of a commune: its SIREN number. */
  readonly siren?: string
  /** Of a commune or arrondissement municipal: its postal codes. */
  readonly codesPostaux?: readonly string[]
}

export interface VintageEpci {
  readonly code: string
  readonly nom: string
  readonly type: 'CC' | 'CA' | 'CU' | 'METRO' | 'MET69'
  readonly membres: readonly { readonly code: string; readonly populationMunicipale?: number }[]
}

export interface VintageDepartement {
  readonly code: string
  readonly nom: string
  readonly region?: string
  readonly zone?: 'metro' | 'drom' | 'com'
}

export interface VintageRegion {
  readonly code: string
  readonly nom: string
  readonly zone?: 'metro' | 'drom' | 'com'
}

/** An entry of `historique-communes.json`: one state of a commune between two dates, 1943 to 2019-01-01. */
export interface HistoricalCommune {
  readonly id: string
  readonly code: string
  readonly nom: string
  readonly type: 'COM' | 'COMP' | 'COMA' | 'COMD'
  readonly dateDebut?: string
  readonly dateFin?: string
  /** The state that came before, by id. */
  readonly predecesseur?: string
  /** Of a state made of others: those, by id. */
  readonly membres?: readonly string[]
  /** The state that follows this one, by id. */
  readonly successeur?: string
  /** Of a part: the commune that it belongs to, by id. */
  readonly pole?: string
}

/** The name of an EPCI. The edition of 2021 lost an apostrophe in "Terre d?Emeraude". */
export const nameOfEpci = ({ nom }: VintageEpci): string => nom.replace(/(?<=\p{L})\?(?=\p{L})/gu, "'")

/** The commune that an entry of a vintage stands in: itself, or the commune of an arrondissement, déléguée or associée. */
export const parentCommuneOf = (entry: VintageCommune): string => entry.commune ?? entry.chefLieu ?? entry.code

/** The communes proper of a vintage, without arrondissements, déléguées and associées. */
export const communesOf = (vintage: Vintage): readonly VintageCommune[] =>
  vintage.communes.filter(({ type }) => type === 'commune-actuelle')
