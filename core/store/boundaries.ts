import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { corrupt } from './current.ts'
import type { PackedFile } from './feeds.ts'
import { STORE_FILES, type Manifest } from './manifest.ts'

/** The tiers that a file of boundaries may give, or that are put together from those. */
export type BoundaryTier = 'COMMUNE' | 'EPCI' | 'DEPARTEMENT' | 'REGION'

/** `topojson` for maps, small and with borders that stay shared; `geojson`, the same shapes, for everything else. */
export const BOUNDARY_FORMATS = ['topojson', 'geojson'] as const

/** The sentence that the licence of the official boundaries asks to be shown. */
export const BOUNDARY_ATTRIBUTION = 'IGN, Admin Express (contours simplifiés), Licence Ouverte 2.0'

/** See {@link BOUNDARY_FORMATS}. */
export type BoundaryFormat = (typeof BOUNDARY_FORMATS)[number]

/** The boundaries of a version of the store, as `boundaries.json` lists them. */
export interface BoundaryList {
  /** The COG vintage whose territories are drawn. */
  readonly geography: number
  /** The official files that were read. */
  readonly sources: readonly BoundarySource[]
  /** Files that were left out, and why. */
  readonly refused: readonly RefusedBoundaries[]
  readonly files: readonly BoundaryRecord[]
  readonly withoutBoundary: readonly WithoutBoundary[]
  readonly notCovered: readonly NotCovered[]
}

/** One official file. */
export interface BoundarySource {
  readonly name: string
  readonly sha256: string
  readonly bytes: number
  readonly tier: BoundaryTier
  readonly shapes: number
  /** How many of them are drawn; the others were not needed, or could not be used. */
  readonly used: number
  /** The COG vintage of its codes; null where they are those of another day than a 1 January. */
  readonly vintage: number | null
  /** The day on which its codes are read, ISO. */
  readonly asOf: string
  /** How that is known: the year in its name, its codes, or the day that they fit best. */
  readonly knownBy: 'NAME' | 'CODES' | 'NEAREST'
  /** The same, as a sentence. */
  readonly says: string
  /** Codes that it has and the COG of that day has not, and the other way round. */
  readonly onlyInFile: readonly string[]
  readonly onlyInCog: readonly string[]
  /** What else one should know. */
  readonly notes: readonly string[]
}

/** A file whose boundaries were left out. */
export interface RefusedBoundaries {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** One set of shapes, in all formats. */
export interface BoundaryRecord {
  /** `communes-35`, `epcis`, `departements`, `regions`. */
  readonly name: string
  readonly tier: BoundaryTier
  /** Of communes: the code of their département. */
  readonly departement?: string
  /** How many shapes. */
  readonly count: number
  /** The area below which a corner of a border is left out, in square metres. */
  readonly tolerance: number
  readonly formats: readonly (PackedFile & { readonly format: BoundaryFormat })[]
}

/** Why a territory has no shape of its own. */
export type WithoutReason =
  /** Its ground is part of a shape that several territories of today share. */
  | 'DIVIDED_SINCE'
  /** A part of its ground is in no file. */
  | 'PART_MISSING'
  /** No file has its code. */
  | 'NOT_IN_FILE'
  /** The codes of the file are not those of any day in its département. */
  | 'FILE_DIFFERS'
  /** Some of its communes have no shape. */
  | 'MEMBERS_WITHOUT'

/** A territory without a shape of its own. */
export interface WithoutBoundary {
  readonly id: string
  readonly tier: BoundaryTier
  readonly code: string
  readonly name: string
  readonly reason: WithoutReason
  readonly detail: string
  /** The id of the shape that stands for it and others, where there is one. */
  readonly sharedShape?: string
}

/** Territories that no file says anything of, told together. */
export interface NotCovered {
  readonly tier: BoundaryTier
  /** Of communes: the codes of their départements. */
  readonly departements?: readonly string[]
  readonly count: number
}

/**
 * The list of boundaries of a version; undefined where it has none.
 * @throws StratesError STORE_CORRUPT when it cannot be read.
 */
export async function readBoundaryList(
  folder: string,
  { files }: Pick<Manifest, 'files'>,
): Promise<BoundaryList | undefined> {
  if (!files.some(({ name }) => name === STORE_FILES.boundaries)) return undefined
  const path = join(folder, STORE_FILES.boundaries)
  try {
    return JSON.parse(await readFile(path, 'utf8')) as BoundaryList
  } catch (cause) {
    throw corrupt(path, 'The list of boundaries cannot be read', 'the JSON that an ingest writes', cause)
  }
}
