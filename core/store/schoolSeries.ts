import type { Observation, ObservedFacts } from '../observations/observation.ts'
import { isAbsent, type ObservationStatus } from '../observations/status.ts'
import { sumOf } from '../observations/sum.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Contributions } from './cells.ts'
import type { SchoolValue } from './contributors.ts'
import type { Manifest, MeasureRecord, SliceRecord } from './manifest.ts'
import type { School, Schools } from './schools.ts'

/** One school stands, like a commune, below what is added up. */
export const ONE_SCHOOL: Pick<Territory, 'tier'> = { tier: 'COMMUNE' }

/** What observing schools needs of the reader around it. */
export interface SchoolObserverParts {
  readonly manifest: Manifest
  readonly territories: Territories
  readonly schools: Schools
  readonly contributions: Contributions
  /** A measure of the owner by id. */
  owned(id: string): MeasureRecord
  observation(
    measure: MeasureRecord,
    slice: SliceRecord,
    place: { readonly territory: Pick<Territory, 'tier'>; readonly on: Pick<Territories, 'vintage'> },
    facts: ObservedFacts,
  ): Observation
  /** The observation of a period that no dataset of the store gives. */
  withoutSlice(
    measure: MeasureRecord,
    period: number,
    place: { readonly territory: Pick<Territory, 'tier'>; readonly on: Pick<Territories, 'vintage'> },
  ): Observation
}

/**
 * Builds the function that gives the figure of one school: from the strongest dataset that has one, weaker ones beside it.
 * It is NOT_APPLICABLE where the school has no such pupils, and NOT_PUBLISHED where it is expected and has no figure.
 */
export function createSchoolObserver(parts: SchoolObserverParts) {
  const { manifest, territories, schools, contributions, owned } = parts
  const slices = Map.groupBy(manifest.slices, ({ measure, period }) => `${measure}@${period}`)

  return function observeSchool(id: string, period: number, position: number): Observation {
    const measure = owned(id)
    const school = schools.at(position)
    const brought = contributions.valuesOf(position)
    const chosen = choose(measure, period, school, brought)
    return { ...chosen, method: 'PUBLISHED' }
  }

  function choose(
    measure: MeasureRecord,
    period: number,
    school: School,
    brought: readonly SchoolValue[],
  ): Observation {
    const own = brought.filter(({ slice }) => manifest.slices[slice]?.measure === measure.id)
    const all = (slices.get(`${measure.id}@${period}`) ?? [])
      .toSorted((left, right) => left.rank - right.rank)
      .map((slice) => observeIn(measure, slice, school, own))
    if (measure.parts !== undefined) all.unshift(sumParts(measure, measure.parts, period, school, brought))
    const chosen = all.find(({ status }) => !isAbsent(status)) ?? all[0] ?? withoutFile(measure, period, school, own)
    return { ...chosen, alternatives: all.filter((other) => other !== chosen && other.value !== null) }
  }

  /** A school needs not teach every part: those that it does not teach are left out of the sum. */
  function sumParts(
    measure: MeasureRecord,
    ids: readonly string[],
    period: number,
    school: School,
    brought: readonly SchoolValue[],
  ): Observation {
    const observed = ids.map((id) => ({
      label: owned(id).title,
      observation: choose(owned(id), period, school, brought),
    }))
    const taught = observed.filter(({ observation }) => observation.status !== 'NOT_APPLICABLE')
    const [first, ...others] = taught.length === 0 ? observed : taught
    if (first === undefined) throw new RangeError(`the measure ${measure.id} is a sum without parts`)
    if (others.length === 0 || taught.length === 0) return first.observation
    const { provenance } = first.observation
    return sumOf([first, ...others], {
      unit: measure.unit,
      timePeriod: `${period}`,
      provenance: {
        ...provenance,
        datasetId: [first, ...others].map(({ observation }) => observation.provenance.datasetId).join('+'),
        title: measure.title,
        rule: `Sum of ${ids.join(' and ')} of the school; each part has its own provenance among the inputs.`,
      },
    })
  }

  function observeIn(
    measure: MeasureRecord,
    slice: SliceRecord,
    school: School,
    own: readonly SchoolValue[],
  ): Observation {
    const brought = own.find((value) => value.slice === slice.slice)
    const facts = brought === undefined ? absenceIn(measure, slice, school, own) : said(brought, slice, school)
    const rule = `As the file ${slice.dataset} gives it for the school.`
    return parts.observation(
      measure,
      { ...slice, rule },
      { territory: ONE_SCHOOL, on: territories },
      { ...facts, coverage: null },
    )
  }

  /** What a row of the file, or of the list of those expected in it, says. */
  function said({ value, state, commune }: SchoolValue, { dataset, period, note }: SliceRecord, school: School) {
    const moved = commune !== -1 && commune !== school.commune ? territories.at(commune) : undefined
    const notes = [
      ...(note === undefined ? [] : [note]),
      ...(moved === undefined
        ? []
        : [`In the totals of ${period} the school counts in ${moved.name} (${moved.code}).`]),
    ]
    switch (state) {
      case 'REPORTED':
        return { value, status: 'NORMAL', notes } as const
      case 'SUPPRESSED':
        return absent('SUPPRESSED', `${dataset} hides the figure of the school for ${period}.`)
      case 'OUT_OF_SCOPE':
        return absent('OUT_OF_SCOPE', OUT_OF_SCOPE)
      case 'MISSING':
        return absent('NOT_PUBLISHED', `The school is expected in ${dataset} for ${period}, which has no figure of it.`)
    }
  }

  /** Neither the file nor the list of those expected names the school for this period. */
  function absenceIn(measure: MeasureRecord, slice: SliceRecord, school: School, own: readonly SchoolValue[]) {
    const known = withoutPupils(measure, slice.period, school, own)
    if (known !== undefined) return known
    const { dataset, period, extent, covered } = slice
    const departement = school.departement === -1 ? '' : territories.at(school.departement).code
    if (!extent.includes(departement)) {
      return absent('OUT_OF_SCOPE', `The dataset ${dataset} does not cover the place of the school for ${period}.`)
    }
    if (!covered.includes(departement)) {
      return absent('SOURCE_UNAVAILABLE', `No file at hand of ${dataset} covers the school for ${period}.`)
    }
    if (own.length > 0) {
      return absent(
        'NOT_PUBLISHED',
        `${dataset} does not name the school for ${period}, and does for other years or sources.`,
      )
    }
    return absent('NOT_APPLICABLE', `No file names the school for this measure, and ${dataset} covers its département.`)
  }

  function withoutFile(
    measure: MeasureRecord,
    period: number,
    school: School,
    own: readonly SchoolValue[],
  ): Observation {
    const known = withoutPupils(measure, period, school, own)
    const observation = parts.withoutSlice(measure, period, { territory: ONE_SCHOOL, on: territories })
    return known === undefined ? observation : { ...observation, ...known }
  }

  /** Facts of the school by which it has no such figure, whatever the files. */
  function withoutPupils({ kinds, title }: MeasureRecord, period: number, school: School, own: readonly SchoolValue[]) {
    if (own.length === 0 && kinds !== undefined && !kinds.includes(school.kind)) {
      return absent('NOT_APPLICABLE', `${title}: a school of the kind ${school.kind} has none.`)
    }
    if (own.length > 0 && own.every(({ state }) => state === 'OUT_OF_SCOPE'))
      return absent('OUT_OF_SCOPE', OUT_OF_SCOPE)
    if (school.opened !== null && school.opened >= `${period}-10-01`) {
      return absent('NOT_APPLICABLE', `The school opened on ${school.opened}.`)
    }
    return undefined
  }
}

const OUT_OF_SCOPE = 'The school is outside the scope of the dataset (hors contrat, or of another ministry).'

const absent = (status: ObservationStatus, note: string) => ({ value: null, status, notes: [note] })
