import { state } from '../state.js'
import { COUNTS } from './classes.js'

/**
 * @import { MeasuresQuery, TerritoryQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @typedef {NonNullable<NonNullable<MeasuresQuery['measures']>[number]>} Measure
 * @typedef {NonNullable<TerritoryQuery['territory']>} Shown
 *
 * @typedef {object} Question what the address asks the map for
 * @property {string} within the territory whose members are shown
 * @property {string} tier of the members
 * @property {readonly string[]} tiers that can be asked within it
 * @property {Measure | undefined} measure
 * @property {readonly Measure[]} measures those that this tier has
 * @property {number | null} year null for the newest
 * @property {import('./classes.js').Method} method
 * @property {number} count of classes
 * @property {boolean} isCoverage whether what is missing is shown, not the values
 * @property {string | null} selected
 * @property {string} sort
 */

/** The tiers of the members that are shown, by tier of the whole; the first where none is asked. Of the nation, 35,000 communes are no map. @type {Readonly<Record<string, readonly string[]>>} */
const WITHIN = {
  NATION: ['DEPARTEMENT', 'REGION', 'EPCI'],
  REGION: ['DEPARTEMENT', 'EPCI', 'COMMUNE'],
  DEPARTEMENT: ['COMMUNE', 'EPCI'],
  EPCI: ['COMMUNE'],
  ACADEMIE: ['DEPARTEMENT', 'EPCI', 'COMMUNE'],
  STATISTICAL_AREA: ['DEPARTEMENT', 'REGION', 'EPCI'],
  EPCI_PART: ['COMMUNE'],
}

const MEASURE = 'pupils-primary'

/** The tier that an id names: `commune:35238` is a COMMUNE. @param {string} id */
export const tierOf = (id) => (id.split(':', 1)[0] ?? '').toUpperCase()

/** Which tiers of members a territory has a map of. @param {string} id @param {string} [kind] of a grouping, which its code says too */
export function tiersWithin(id, kind) {
  const tier = tierOf(id)
  if (tier !== 'GROUPING') return WITHIN[tier] ?? []
  const [, code = ''] = id.split(':')
  const told = code.startsWith('academie-') ? 'ACADEMIE' : code.startsWith('epci-') ? 'EPCI_PART' : 'STATISTICAL_AREA'
  return WITHIN[kind ?? told] ?? WITHIN[told] ?? []
}

/** The territory whose members are shown: of a commune, which has none, its EPCI or its département. @param {Shown} territory */
export function wholeOf(territory) {
  if (territory.tier !== 'COMMUNE') return territory.id
  const above = 'epci' in territory ? (territory.epci ?? territory.departement) : null
  return above?.id ?? 'nation:FR'
}

/** @param {Shown} territory @param {readonly Measure[]} all @returns {Question} */
export function questionOf(territory, all) {
  const within = wholeOf(territory)
  const tiers = tiersWithin(within, territory.tier === 'COMMUNE' ? undefined : territory.kind)
  const tier = oneOf(tiers, state.one('tier')) ?? ''
  const measures = all.filter((one) => /** @type {readonly string[]} */ (one.tiers).includes(tier))
  const asked = state.one('measure') ?? MEASURE
  const measure = measures.find(({ id }) => id === asked) ?? measures.find(({ periods }) => periods.length > 0)
  const year = state.year('year')
  return {
    within,
    tier,
    tiers,
    measure,
    measures,
    year: year !== null && measure?.periods.includes(year) ? year : null,
    method: state.one('classes') === 'equal' ? 'equal' : 'quantile',
    count: COUNTS.find((count) => `${count}` === state.one('n')) ?? 5,
    isCoverage: state.one('show') === 'coverage',
    selected: state.one('s') ?? (territory.tier === 'COMMUNE' ? territory.id : null),
    sort: state.one('sort') ?? (state.one('show') === 'coverage' ? 'coverage' : 'rank'),
  }
}

/** @param {readonly string[]} list @param {string | null} asked */
const oneOf = (list, asked) => (asked !== null && list.includes(asked) ? asked : list[0])
