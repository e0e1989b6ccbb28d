import type { DatasetDescriptor, MeasureClaim } from './dataset.ts'
import { StratesError } from './error.ts'
import { LICENCES, type Licence } from './licence.ts'
import { isDerived, type MeasureDefinition } from './measure.ts'
import type { Owner } from './observation.ts'

/** A descriptor and the file that holds it, for messages. */
export interface FoundDescriptor {
  readonly file: string
  readonly descriptor: DatasetDescriptor
}

/** One line of the registry: a measure, a dataset that gives it, for which periods, and who comes first. */
export interface OwnershipRule {
  readonly measure: string
  /** The name of the measure. */
  readonly title: string
  readonly dataset: string
  readonly datasetTitle: string
  /** Competent for what is counted; producer and publisher of the file. */
  readonly owner: Owner
  readonly licence: Licence
  readonly sourceUrl: string
  /** The first period that the dataset claims, and the last; null where the claim is open. */
  readonly firstPeriod: number
  readonly lastPeriod: number | null
  /** 0 for the strongest source of the measure. */
  readonly rank: number
  /** The stronger datasets, by id, that this one yields to wherever they give a value. */
  readonly yieldsTo: readonly string[]
  /** The measures, by id, that the value is rebuilt from; empty where a column of the dataset gives it. */
  readonly computedFrom: readonly string[]
  /** What makes the source weaker or different; null where nothing does. */
  readonly note: string | null
}

/** A descriptor's claim to a measure. */
interface Claimant extends FoundDescriptor {
  readonly claim: MeasureClaim
}

/**
 * Who owns what: one rule for each measure and dataset that gives it, by measure, strongest first.
 * @throws StratesError DESCRIPTOR_INVALID when two datasets claim a measure for the same periods and neither yields to the
 * other, when precedence goes round in a circle, or when a measure is defined twice, or nowhere.
 */
export function ownershipOf(found: readonly FoundDescriptor[]): readonly OwnershipRule[] {
  return [...claimantsByMeasure(found)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([measure, claimants]) => {
      const definition = definitionOf(measure, claimants)
      return inOrder(measure, claimants).map((claimant, rank) => ruleOf(definition, claimant, rank))
    })
}

/** The definitions of all measures, each once, in id order; see {@link ownershipOf} for what it throws. */
export const definitionsOf = (found: readonly FoundDescriptor[]): readonly MeasureDefinition[] =>
  [...claimantsByMeasure(found)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([measure, claimants]) => definitionOf(measure, claimants))

/**
 * The datasets, by id, that give a measure in a column of theirs, each before those that yield to it; none for a sum or
 * ratio of other measures, but for a ratio that the ingest makes, those of its numerator.
 */
export function strongestFirst(measure: string, found: readonly FoundDescriptor[]): readonly string[] {
  const claimants = inOrder(measure, claimantsByMeasure(found).get(measure) ?? [])
  const made = claimants.flatMap(({ claim }) => claim.defines ?? []).find(isDerived)?.additivity
  if (made?.kind === 'RATIO' && made.madeAt === 'INGEST') return strongestFirst(made.numerator, found)
  return claimants
    .filter(({ claim }) => claim.defines === undefined || !isDerived(claim.defines))
    .map(({ descriptor }) => descriptor.id)
}

/**
 * Holds what the files give against what the descriptors claim: two datasets may each claim periods of their own, and a
 * file still give one of the other's.
 * @throws StratesError DESCRIPTOR_INVALID as {@link ownershipOf} does.
 */
export function requirePrecedence(
  {
    measure,
    period,
    datasets,
  }: { readonly measure: string; readonly period: number; readonly datasets: readonly string[] },
  found: readonly FoundDescriptor[],
): void {
  const claimants = inOrder(measure, claimantsByMeasure(found).get(measure) ?? [])
  const giving = claimants.filter(({ descriptor }) => datasets.includes(descriptor.id))
  for (const [position, one] of giving.entries()) {
    const other = giving.slice(position + 1).find((weaker) => !yields(weaker, one, claimants))
    if (other !== undefined) throw contested(measure, [one, other], claimants, `for ${period}`)
  }
}

const claimantsByMeasure = (found: readonly FoundDescriptor[]): Map<string, Claimant[]> =>
  Map.groupBy(
    found.flatMap(({ file, descriptor }) => descriptor.measures.map((claim) => ({ file, descriptor, claim }))),
    ({ claim }) => claim.measure,
  )

/** Puts the claimants of a measure in order: whoever yields comes after. Those of other periods keep the files' order. */
function inOrder(measure: string, claimants: readonly Claimant[]): readonly Claimant[] {
  const waiting = [...claimants]
  const placed: Claimant[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex(
      (one) => !waiting.some((other) => other !== one && one.claim.yieldsTo?.includes(other.descriptor.id)),
    )
    if (next === -1) throw circular(measure, waiting)
    placed.push(...waiting.splice(next, 1))
  }
  for (const [position, one] of placed.entries()) {
    for (const other of placed.slice(position + 1)) {
      if (!overlap(one.descriptor, other.descriptor) || yields(other, one, placed)) continue
      throw contested(measure, [one, other], placed, claimedByBoth(one.descriptor, other.descriptor))
    }
  }
  return placed
}

/** Whether one claimant yields to another, itself or through those between them. */
function yields(weaker: Claimant, stronger: Claimant, all: readonly Claimant[]): boolean {
  const yieldsTo = weaker.claim.yieldsTo ?? []
  if (yieldsTo.includes(stronger.descriptor.id)) return true
  return all.some(
    (between) => between !== weaker && yieldsTo.includes(between.descriptor.id) && yields(between, stronger, all),
  )
}

function claimedByBoth(one: DatasetDescriptor, other: DatasetDescriptor): string {
  const from = Math.max(one.firstPeriod, other.firstPeriod)
  const to = Math.min(one.lastPeriod ?? Infinity, other.lastPeriod ?? Infinity)
  return to === Infinity ? `from ${from} on` : `from ${from} to ${to}`
}

const overlap = (one: DatasetDescriptor, other: DatasetDescriptor): boolean =>
  one.firstPeriod <= (other.lastPeriod ?? Infinity) && other.firstPeriod <= (one.lastPeriod ?? Infinity)

function definitionOf(measure: string, claimants: readonly Claimant[]): MeasureDefinition {
  const [first, ...others] = inOrder(measure, claimants).filter(({ claim }) => claim.defines !== undefined)
  if (first?.claim.defines === undefined) {
    throw new StratesError({
      code: 'DESCRIPTOR_INVALID',
      what: `No descriptor defines the measure ${measure}`,
      on: claimants.map(({ file }) => file).join(' and '),
      expected: 'a definition in the strongest dataset that gives it',
      remedy: `Add defines: { id: '${measure}', … } to the claim of ${measure}.`,
    })
  }
  // A weaker source may repeat the definition, but not change what is counted.
  const different = others.find(({ claim }) => JSON.stringify(claim.defines) !== JSON.stringify(first.claim.defines))
  if (different === undefined) return first.claim.defines
  throw new StratesError({
    code: 'DESCRIPTOR_INVALID',
    what: `Two descriptors define the measure ${measure}, each in its own way`,
    on: `${first.file} and ${different.file}`,
    expected: 'one definition, in the strongest dataset that gives the measure',
    remedy: `Leave defines out of the claim of ${measure} in ${different.file}.`,
  })
}

function ruleOf(definition: MeasureDefinition, { descriptor, claim }: Claimant, rank: number): OwnershipRule {
  const { id, title, roles, licence, sourceUrl, firstPeriod, lastPeriod } = descriptor
  return {
    measure: definition.id,
    title: definition.title,
    dataset: id,
    datasetTitle: title,
    owner: {
      id: definition.owner,
      name: definition.competent,
      legalBasis: definition.legalBasis,
      producer: roles.producer,
      publisher: roles.publisher,
    },
    licence: LICENCES[licence],
    sourceUrl,
    firstPeriod: claim.firstPeriod ?? firstPeriod,
    lastPeriod: lastPeriod ?? null,
    rank,
    yieldsTo: claim.yieldsTo ?? [],
    computedFrom: claim.defines === undefined ? [] : componentsOf(claim.defines),
    note: claim.note ?? null,
  }
}

/** The measures that the values of a measure are rebuilt from. */
export function componentsOf({ parts, additivity }: MeasureDefinition): readonly string[] {
  if (additivity.kind === 'RATIO') return [additivity.numerator, additivity.denominator]
  return parts ?? []
}

function contested(
  measure: string,
  [one, other]: readonly [Claimant, Claimant],
  all: readonly Claimant[],
  periods: string,
): StratesError {
  const otherDefines = other.claim.defines !== undefined && one.claim.defines === undefined
  const [stronger, weaker] = otherDefines ? [other, one] : [one, other]
  // Whoever else the weaker one has no order with, so that a single line settles it all.
  const beside = all.filter(
    (third) =>
      third !== weaker &&
      third !== stronger &&
      overlap(third.descriptor, weaker.descriptor) &&
      !yields(third, weaker, all) &&
      !yields(weaker, third, all),
  )
  const before = [stronger, ...beside].map(({ descriptor }) => `'${descriptor.id}'`)
  const files = [one.file, other.file]
  return new StratesError({
    code: 'DESCRIPTOR_INVALID',
    what: `Two datasets claim the measure ${measure} ${periods}, and neither yields to the other`,
    on: files.join(' and '),
    expected: 'one owner for each measure and period, or a rule of precedence',
    remedy: `If ${weaker.descriptor.id} is the weaker source, add to its claim of ${measure} in ${weaker.file}: yieldsTo: [${before.join(', ')}]. If it is the stronger one, let the others yield to it.`,
    details: { measure, files },
  })
}

function circular(measure: string, claimants: readonly Claimant[]): StratesError {
  const files = claimants.map(({ file }) => file)
  return new StratesError({
    code: 'DESCRIPTOR_INVALID',
    what: `The precedence for the measure ${measure} goes round in a circle`,
    on: files.join(' and '),
    expected: 'a strongest dataset, which yields to none of the others',
    remedy: `Take one of them out of yieldsTo in the claim of ${measure} in one of these files.`,
    details: { measure, files },
  })
}
