/**
 * @import { Observation } from '../answers.d.ts'
 * @typedef {{ readonly territory: { readonly id: string, readonly name: string }, readonly observation: Observation | null }} Member
 */

/** The tiers of the members that are shown of a territory, by the tier in its id; the first is shown unless another is asked for. */
const MEMBERS = /** @type {Readonly<Record<string, readonly ('REGION' | 'DEPARTEMENT' | 'COMMUNE')[]>>} */ ({
  nation: ['DEPARTEMENT', 'REGION'],
  grouping: ['DEPARTEMENT'],
  region: ['DEPARTEMENT'],
  departement: ['COMMUNE'],
  epci: ['COMMUNE'],
})

/** The tiers of the members that are shown of a territory; none of a commune. @param {string} id */
export const memberTiers = (id) => MEMBERS[id.slice(0, id.indexOf(':'))] ?? []

/** The statuses of a member for whom nothing is to be given: nothing is missing there. */
const BESIDE = new Set(['NOT_APPLICABLE', 'OUT_OF_SCOPE', 'NON_ADDITIVE'])

/**
 * The members in three parts: those who lack something, the least covered first; those who are whole; those beside the question.
 * @template {Member} M
 * @param {readonly M[]} members
 */
export function byCoverage(members) {
  /** @type {{ lacking: M[], whole: M[], beside: M[] }} */
  const parts = { lacking: [], whole: [], beside: [] }
  for (const member of members) parts[partOf(member)].push(member)
  parts.lacking.sort((a, b) => shareOf(a) - shareOf(b) || a.territory.name.localeCompare(b.territory.name, 'fr'))
  return parts
}

/** @param {Member} member */
function partOf({ observation }) {
  if (observation && BESIDE.has(observation.status)) return 'beside'
  if (!observation || observation.value === null || observation.status !== 'NORMAL') return 'lacking'
  const { coverage } = observation
  return coverage && coverage.reported < coverage.expected ? 'lacking' : 'whole'
}

/** The part that is covered; who has no value and tells none comes before all others. @param {Member} member */
const shareOf = ({ observation }) => observation?.coverage?.share ?? (observation?.value == null ? -1 : 1)
