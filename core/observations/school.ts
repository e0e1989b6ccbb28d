/** The kinds of school that Strates tells apart. */
export const SCHOOL_KINDS = ['ECOLE', 'COLLEGE', 'LYCEE', 'EREA', 'OTHER'] as const

/** See {@link SCHOOL_KINDS}. */
export type SchoolKind = (typeof SCHOOL_KINDS)[number]

/** Who runs a school; `UNKNOWN` where no file says. */
export const SCHOOL_SECTORS = ['PUBLIC', 'PRIVATE', 'UNKNOWN'] as const

/** See {@link SCHOOL_SECTORS}. */
export type SchoolSector = (typeof SCHOOL_SECTORS)[number]

/**
 * The contract of a private school with the State (code de l'éducation, L442-5 and L442-12); `SANS_OBJET` for schools that
 * need none, `UNKNOWN` where no file says.
 */
export const SCHOOL_CONTRACTS = ['ASSOCIATION', 'SIMPLE', 'HORS_CONTRAT', 'SANS_OBJET', 'OTHER', 'UNKNOWN'] as const

/** See {@link SCHOOL_CONTRACTS}. */
export type SchoolContract = (typeof SCHOOL_CONTRACTS)[number]

/** How a row found its commune. */
export const LOCATE_METHODS = ['CODE', 'UAI', 'LABEL', 'LABEL_AGAINST_UAI', 'SPLIT', 'DEPARTEMENT', 'NONE'] as const

/**
 * `CODE`: the row's own commune code. `UAI`: the directory nearest the rentrée, which the row's label does not deny.
 * `LABEL`: département and commune name. `LABEL_AGAINST_UAI`: both, in conflict, and the label wins. `SPLIT`: a code that
 * is several communes now. `DEPARTEMENT`: only the département is known. `NONE`: not even that.
 */
export type LocateMethod = (typeof LOCATE_METHODS)[number]

/** What a school did for one value: gave its figure, gave none though expected, had it hidden, or is not counted there. */
export const CONTRIBUTION_STATES = ['REPORTED', 'MISSING', 'SUPPRESSED', 'OUT_OF_SCOPE'] as const

/** See {@link CONTRIBUTION_STATES}. */
export type ContributionState = (typeof CONTRIBUTION_STATES)[number]
