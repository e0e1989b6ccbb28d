import type { Territories, Territory } from '../../../core/territories/territory.ts'

/** A territory for a list: what tells it from others of its name stands in brackets. */
export function labelOf(territory: Territory, territories: Territories): string {
  const { name, tier, code, kind } = territory
  if (kind === 'COLLECTIVITE_OUTRE_MER') {
    return `${name} (collectivité d'outre-mer, ${tier === 'REGION' ? 'au rang de région' : code})`
  }
  switch (tier) {
    case 'COMMUNE': {
      const departement = territories.at(territory.departement)
      return `${name} (${departement.code}, ${departement.name})`
    }
    case 'EPCI': {
      const codes = departementsOf(territory, territories).map((departement) => departement.code)
      return `${name} (intercommunalité, ${codes.join(', ')})`
    }
    case 'DEPARTEMENT':
      return `${name} (département, ${code})`
    case 'REGION':
      return `${name} (région)`
    default:
      return name
  }
}

/** The départements in which a commune, an EPCI or a part of one stands; of a département, itself; none of what is larger. */
export function departementsOf(territory: Territory, territories: Territories): readonly Territory[] {
  if (territory.tier === 'DEPARTEMENT') return [territory]
  const isSmall = territory.tier === 'COMMUNE' || territory.tier === 'EPCI' || territory.kind === 'EPCI_PART'
  const communes = isSmall ? territories.communesOf(territory) : []
  const found = [...new Set(communes.map(({ departement }) => departement))].map((index) => territories.at(index))
  return found.toSorted((left, right) => (left.code < right.code ? -1 : 1))
}
