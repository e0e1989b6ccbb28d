/** The embedded COG cut down to a few départements, so that a test ingests in a second. */
import { departementOfCommuneCode } from '../../core/territories/code.ts'
import type { EmbeddedCog } from '../../pipeline/sources/cog.ts'
import { embeddedCog } from '../core/territories/embedded.ts'

/** Every vintage, with these départements only, their régions and their EPCI. */
export function smallCog(...departements: readonly string[]): EmbeddedCog {
  const isHere = (commune: string) => departements.includes(departementOfCommuneCode(commune))
  const { vintages, history, chronicle } = embeddedCog()
  return {
    vintages: vintages.map((vintage) => {
      const kept = vintage.departements.filter(({ code }) => departements.includes(code))
      const regions = new Set(kept.map(({ region, code }) => region ?? code))
      return {
        ...vintage,
        communes: vintage.communes.filter(({ code }) => isHere(code)),
        epci: vintage.epci
          .map((epci) => ({ ...epci, membres: epci.membres.filter(({ code }) => isHere(code)) }))
          .filter(({ membres }) => membres.length > 0),
        departements: kept,
        regions: vintage.regions.filter(({ code }) => regions.has(code)),
      }
    }),
    history: history.filter(({ code }) => isHere(code)),
    chronicle: {
      stays: chronicle.stays.filter(({ commune }) => isHere(commune)),
      communes: chronicle.communes.filter(({ code }) => isHere(code)),
      arrondissements: chronicle.arrondissements.filter(({ commune }) => isHere(commune)),
    },
  }
}
