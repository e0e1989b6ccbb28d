import { OWNERS, type OwnerName } from '../observations/owner.ts'
import { STORE_FILES, type Manifest } from './manifest.ts'

/** Territories and schools, which every owner speaks of. */
const SHARED: readonly string[] = [
  STORE_FILES.territories,
  STORE_FILES.grounds,
  STORE_FILES.aliases,
  STORE_FILES.stays,
  STORE_FILES.communes,
  STORE_FILES.pieces,
  STORE_FILES.placeWords,
  STORE_FILES.placeCodes,
  STORE_FILES.schools,
  STORE_FILES.epciVintages,
  STORE_FILES.epciGrounds,
  STORE_FILES.epciChanges,
]

/** What stands beside the content, and each process reads. */
const BESIDE: readonly string[] = [
  STORE_FILES.manifest,
  STORE_FILES.retrieved,
  STORE_FILES.history,
  STORE_FILES.versions,
]

/** The rows of one owner, which a database may hold instead. */
const rowFiles = (owner: OwnerName): readonly string[] => [
  STORE_FILES.cells(owner),
  STORE_FILES.parts(owner),
  STORE_FILES.schoolValues(owner),
  STORE_FILES.missing(owner),
]

/** What there is of one owner alone. */
const ownFiles = (owner: OwnerName): readonly string[] => [...rowFiles(owner), STORE_FILES.notes(owner)]

/** The sentences that cells name by position. */
const noteFiles = (owner: OwnerName): readonly string[] => [STORE_FILES.notes(owner)]

/** The published cells of an owner: enough to add up, rank, filter and order by them, without schools and breakdowns. */
const cellFiles = (owner: OwnerName): readonly string[] => [STORE_FILES.cells(owner), STORE_FILES.notes(owner)]

/** Whether who opens these may serve whole tables and shapes as files too. A subgraph, which opens one owner, does not. */
export const servesFiles = (owners: readonly OwnerName[]): boolean => owners.length !== 1

/**
 * The files of content that are checked and loaded when a version is opened for these owners.
 * @param engine whether it reads cells from files: others need their notes alone.
 */
export function contentFor(
  owners: readonly OwnerName[],
  manifest: Manifest,
  { readsFiles }: { readonly readsFiles: boolean } = { readsFiles: true },
): ReadonlySet<string> {
  const boundaries = manifest.files.map(({ name }) => name).filter((name) => name.startsWith('boundaries'))
  return new Set([
    ...SHARED,
    ...(servesFiles(owners) ? boundaries : []),
    ...owners.flatMap(readsFiles ? ownFiles : noteFiles),
  ])
}

/** The owners, beside those given, of what the measures of these are sums of. */
export function summedBy(owners: readonly OwnerName[], { measures }: Manifest): readonly OwnerName[] {
  const parts = measures.flatMap(({ owner, across, parts: summed = [] }) =>
    across !== undefined && owners.includes(owner) ? summed : [],
  )
  const others = measures.filter(({ id, owner }) => parts.includes(id) && !owners.includes(owner))
  return [...new Set(others.map(({ owner }) => owner))]
}

/**
 * All files of a version that the process of one owner needs, sorted: what all share, its own, and of the others only the published cells, by
 * which lists may be filtered and ordered, and of which its sums are made.
 */
export const filesOfTier = (owner: OwnerName): readonly string[] =>
  [...new Set([...BESIDE, ...SHARED, ...ownFiles(owner), ...OWNERS.flatMap(cellFiles)])].toSorted()

/**
 * Tells which files of a version a process needs that serves these owners.
 * @param engine whether it reads cells from files: where they are in a database, the files with the same rows are not needed.
 */
export function wantedFiles(
  owners: readonly OwnerName[],
  { readsFiles }: { readonly readsFiles: boolean },
): (name: string) => boolean {
  const [owner] = owners
  const tier = owner === undefined || servesFiles(owners) ? undefined : new Set(filesOfTier(owner))
  const rows = new Set(readsFiles ? [] : OWNERS.flatMap(rowFiles))
  return (name) => (tier?.has(name) ?? true) && !rows.has(name)
}
