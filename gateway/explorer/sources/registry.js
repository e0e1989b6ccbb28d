/**
 * The owners in the order of the tiers, each with the rules of the registry that it answers for.
 * @template {{ readonly owner: { readonly id: string } }} R
 * @param {readonly R[]} rules
 * @returns {readonly { readonly owner: string, readonly rules: readonly R[] }[]}
 */
export function byOwner(rules) {
  const groups = Map.groupBy(rules, ({ owner }) => owner.id)
  const others = [...groups.keys()].filter((owner) => !ORDER.includes(owner))
  return [...ORDER, ...others].flatMap((owner) => {
    const own = groups.get(owner)
    return own ? [{ owner, rules: own }] : []
  })
}

const ORDER = ['commune', 'epci', 'departement', 'region', 'national']

/** The tiers that a measure may be served at. */
const TIERS = ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION']

/** Whether a measure is served at every tier. @param {readonly string[]} tiers */
export const isEverywhere = (tiers) => TIERS.every((tier) => tiers.includes(tier))
