import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { embeddedCog } from '../core/territories/embedded.ts'

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'cog')
const isHere = existsSync(SHARED)
if (!isHere) console.log(`Skipped, the lists of the DGCL are not on this machine: ${SHARED} does not exist.`)

const KINDS = new Set(['CC', 'CA', 'CU', 'METRO', 'MET69'])

describe.skipIf(!isHere)('the members of EPCI that the DGCL lists', () => {
  const { vintages } = isHere ? embeddedCog() : { vintages: [] }
  it.each([
    [2023, 34_941],
    [2025, 34_871],
  ])('are those of the vintage %i, all %i of them, under the same names and kinds', (year, members) => {
    const rows = parse<Record<'insee' | 'siren' | 'raison_sociale' | 'nature_juridique', string>>(
      readFileSync(join(SHARED, `dgcl-epcicom-${year}.csv`), 'utf8'),
      { columns: true, bom: true },
    ).filter(({ nature_juridique }) => KINDS.has(nature_juridique))
    const listed = rows.map((row) => [row.insee, row.siren, row.raison_sociale, row.nature_juridique].join(' · '))
    const held = vintages
      .filter((vintage) => vintage.year === year)
      .flatMap(({ epci }) => epci)
      .flatMap(({ code, nom, type, membres }) => membres.map((membre) => [membre.code, code, nom, type].join(' · ')))
    expect(listed).toHaveLength(members)
    expect(listed.toSorted()).toEqual(held.toSorted())
  })
})
