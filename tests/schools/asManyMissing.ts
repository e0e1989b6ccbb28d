import { expect } from 'vitest'
import type { Ingested } from '../pipeline/ingestFolder.ts'

/** For each cell of a store, some communes left out: who is missing is as many as its coverage says. */
export function expectAsManyMissing({ store }: Ingested, everyNthCommune: number, geography = 2026): number {
  const territories = store.atlas.of(geography)!
  let cells = 0
  for (const { id, owner, across } of store.manifest.measures) {
    // Of a sum over owners, each owner lists what its part lacks.
    if (across !== undefined) continue
    const reader = store.reader(owner)
    for (const period of reader.periodsOf(id)) {
      for (const territory of territories.all) {
        if (territory.tier === 'COMMUNE' && territory.index % everyNthCommune !== 0) continue
        const { coverage, counted } = reader.observe(id, period, territory, geography)
        if (coverage === null) continue
        const listed = reader.missingIn(counted ?? []).length
        if (listed !== coverage.missing + coverage.suppressed) {
          expect.fail(
            `${id} ${period} of ${territory.id} on ${geography}: ${listed} listed, ${JSON.stringify(coverage)}`,
          )
        }
        cells += 1
      }
    }
  }
  return cells
}
