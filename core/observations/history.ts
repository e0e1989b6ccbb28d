/**
 * The versions of a dataset, as a store has seen them one after the other. Numbers follow Semantic Versioning: MAJOR when a
 * measure or a dimension disappears; MINOR when one is added, or a period or a value is added, revised or removed; PATCH when
 * only the file's bytes or the description changed. Periods that go are MINOR: a window of rentrées moves on each year.
 */
export type DatasetHistory = Readonly<Record<string, readonly DatasetVersion[]>>

/** One version of a dataset and what it changed. */
export interface DatasetVersion {
  /** `1.2.0`. */
  readonly number: string
  /** sha256 of figures and description, the first 16 hexadecimal digits. */
  readonly hash: string
  readonly level: VersionLevel
  readonly added: DatasetParts
  readonly removed: DatasetParts
  /** How many values changed, by measure and period; of the first version, none is counted. */
  readonly values: readonly ValueChange[]
  /** What the dataset holds, to compare the next version with. */
  readonly holds: DatasetParts
}

/** What a version is beside the one before. */
export type VersionLevel = 'FIRST' | 'MAJOR' | 'MINOR' | 'PATCH'

/** What a dataset is made of. */
export interface DatasetParts {
  readonly measures: readonly string[]
  /** A measure and what it is broken down by: `pupils-primary/SECTOR`. */
  readonly dimensions: readonly string[]
  readonly periods: readonly number[]
}

/** How many values of a measure and period came, changed and went: those of territories and of their breakdowns. */
export interface ValueChange {
  readonly measure: string
  readonly period: number
  readonly added: number
  readonly revised: number
  readonly removed: number
}

/** One version of all the data: what it changed beside the version before it. */
export interface DataVersion {
  /** Counts the versions of a store from 1, so that one that comes back is told from its first time. */
  readonly number: number
  readonly dataVersion: string
  /** When the newest file of it was taken, ISO 8601. */
  readonly updated: string
  /** The datasets that came, changed or went, by id. */
  readonly changes: readonly DatasetChange[]
}

/** What a version of the data did to one dataset. */
export interface DatasetChange {
  readonly dataset: string
  readonly title: string
  /** `1.2.0+ab12cd34`, or null where the dataset went. */
  readonly version: string | null
  readonly level: VersionLevel | null
  /** How many values came, changed and went; none is counted of a first version. */
  readonly added: number
  readonly revised: number
  readonly removed: number
}

/** A dataset that holds nothing. */
export const NOTHING: DatasetParts = { measures: [], dimensions: [], periods: [] }

/** How many versions of a dataset are remembered. */
const LONGEST_HISTORY = 50

/**
 * Adds what a dataset holds now to its history; the same content adds nothing.
 * @param values what changed since the last version of the history; not used for the first.
 */
export function withVersion(
  history: readonly DatasetVersion[],
  { hash, holds, values }: Pick<DatasetVersion, 'hash' | 'holds' | 'values'>,
): readonly DatasetVersion[] {
  const last = history.at(-1)
  if (last?.hash === hash) return history
  if (last === undefined) {
    return [{ number: '1.0.0', hash, level: 'FIRST', added: holds, removed: NOTHING, values: [], holds }]
  }
  const added = without(holds, last.holds)
  const removed = without(last.holds, holds)
  const level = levelOf(added, removed, values)
  const next: DatasetVersion = { number: raised(last.number, level), hash, level, added, removed, values, holds }
  return [...history, next].slice(-LONGEST_HISTORY)
}

/**
 * Adds a version of the data to those before it; the same version again only moves its date on.
 */
export function withDataVersion(
  versions: readonly DataVersion[],
  { dataVersion, updated, changes }: Omit<DataVersion, 'number'>,
): readonly DataVersion[] {
  const last = versions.at(-1)
  if (last?.dataVersion === dataVersion) return [...versions.slice(0, -1), { ...last, updated }]
  return [...versions, { number: (last?.number ?? 0) + 1, dataVersion, updated, changes }].slice(-LONGEST_HISTORY)
}

/** What changed between two histories: the newest version of each dataset that is another one than before. */
export function changesBetween(
  before: DatasetHistory,
  after: DatasetHistory,
  titleOf: (dataset: string) => string,
): readonly DatasetChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .flatMap((dataset): DatasetChange[] => {
      const [then, now] = [before[dataset]?.at(-1), after[dataset]?.at(-1)]
      if (then?.hash === now?.hash) return []
      const sum = (what: 'added' | 'revised' | 'removed') =>
        (now?.values ?? []).reduce((total, change) => total + change[what], 0)
      const counted = { added: sum('added'), revised: sum('revised'), removed: sum('removed') }
      const version = now === undefined ? null : versionText(now)
      return [{ dataset, title: titleOf(dataset), version, level: now?.level ?? null, ...counted }]
    })
}

/** A version as it is shown, the beginning of the hash as build metadata: `1.2.0+ab12cd34`. */
export const versionText = ({ number, hash }: Pick<DatasetVersion, 'number' | 'hash'>): string =>
  `${number}+${hash.slice(0, 8)}`

/** The versions after a given one, newest first; all of them for null. */
export const versionsSince = (
  history: readonly DatasetVersion[],
  since: VersionNumber | null,
): readonly DatasetVersion[] =>
  history
    .filter(({ number }) => since === null || compareVersions(parseVersion(number) ?? since, since) > 0)
    .toReversed()

/** Major, minor, patch. */
export type VersionNumber = readonly [number, number, number]

/** Reads `1.2.0`, with or without build metadata; undefined for anything else. */
export function parseVersion(text: string): VersionNumber | undefined {
  const [, major, minor, patch] = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:\+[0-9a-zA-Z.-]+)?$/.exec(text.trim()) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

const compareVersions = (left: VersionNumber, right: VersionNumber): number =>
  left[0] - right[0] || left[1] - right[1] || left[2] - right[2]

function levelOf(added: DatasetParts, removed: DatasetParts, values: readonly ValueChange[]): VersionLevel {
  if (removed.measures.length + removed.dimensions.length > 0) return 'MAJOR'
  const changed = [added.measures, added.dimensions, added.periods, removed.periods, values]
  return changed.some((list) => list.length > 0) ? 'MINOR' : 'PATCH'
}

function raised(number: string, level: VersionLevel): string {
  const [major, minor, patch] = parseVersion(number) ?? [1, 0, 0]
  if (level === 'MAJOR') return `${major + 1}.0.0`
  return level === 'MINOR' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

const without = (these: DatasetParts, those: DatasetParts): DatasetParts => ({
  measures: these.measures.filter((measure) => !those.measures.includes(measure)),
  dimensions: these.dimensions.filter((dimension) => !those.dimensions.includes(dimension)),
  periods: these.periods.filter((period) => !those.periods.includes(period)),
})
