import type { Chronicle } from './lineage.ts'
import { stands } from './pieces.ts'
import type { Vintage, VintageCommune, VintageEpci } from './vintage.ts'

const TYPE_OF_STANDING = {
  COMMUNE_DELEGUEE: 'commune-deleguee',
  COMMUNE_ASSOCIEE: 'commune-associee',
} as const

/**
 * The vintage of a year that no package holds, from those around it: the communes and names that the chronicle has on its
 * 1 January, each entry else as in the vintage before, or after where the commune is younger.
 * @param epci the EPCI of that year.
 */
export function interpolate(
  { communes, stays }: Chronicle,
  { before, after, year, epci }: { before: Vintage; after: Vintage; year: number; epci: readonly VintageEpci[] },
): Vintage {
  const day = `${year}-01-01`
  const known = new Map([...after.communes, ...before.communes].map((entry) => [`${entry.type} ${entry.code}`, entry]))
  const actual = communes
    .filter((state) => stands(state, day))
    .flatMap(({ code, name }): readonly VintageCommune[] => {
      const entry = known.get(`commune-actuelle ${code}`) ?? unknown(code, year)
      return [{ ...entry, nom: name }]
    })
  const parts = stays
    .filter((stay) => stands(stay, day))
    .flatMap(({ code, name, standing, commune }): readonly VintageCommune[] =>
      standing === 'COMMUNE_DELEGUEE' || standing === 'COMMUNE_ASSOCIEE'
        ? [{ code, nom: name, type: TYPE_OF_STANDING[standing], chefLieu: commune }]
        : [],
    )
  // A part that is several lineages is listed once.
  const listed = new Map(parts.map((part) => [part.code, part])).values()
  const arrondissements = before.communes.filter(({ type }) => type === 'arrondissement-municipal')
  return {
    year,
    communes: [...actual, ...listed, ...arrondissements],
    epci,
    departements: after.departements,
    regions: after.regions,
  }
}

function unknown(code: string, year: number): never {
  throw new RangeError(`the commune ${code} of ${year} is in neither of the vintages around it`)
}
