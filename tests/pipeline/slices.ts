/** Slices and datasets typed by hand, over the territories of the tiny store. */
import type { Cell } from '../../core/observations/consolidate.ts'
import type { DatasetDescriptor } from '../../core/observations/dataset.ts'
import type { ConsolidatedSlice, LocatedRow } from '../../pipeline/consolidate.ts'
import ecoles from '../../subgraphs/commune/datasets/ecoles-effectifs.ts'
import { territories } from '../core/store/tinyStore.ts'

/** The descriptor of the écoles, with changes. */
export const describedAs = (changes: Partial<DatasetDescriptor> = {}): DatasetDescriptor => ({ ...ecoles, ...changes })

/** A slice of the primary pupils of 2021. */
export function consolidated(cells: readonly Cell[], facts: Partial<ConsolidatedSlice> = {}): ConsolidatedSlice {
  const descriptor = facts.descriptor ?? describedAs()
  return {
    claim: descriptor.measures[0]!,
    additivity: { kind: 'COUNT' },
    descriptor,
    period: 2021,
    extent: ['22', '35'],
    covered: ['35'],
    snapshots: ['abc'],
    cells,
    contributors: () => [],
    keys: [],
    parts: new Map(),
    optional: new Map(),
    vintages: [],
    scopeUnknown: false,
    ...facts,
  }
}

/** A row at a commune, by code, or only in a département, or nowhere. */
export function locatedRow(place: string | null, facts: Partial<LocatedRow> = {}): LocatedRow {
  const found = place === null ? undefined : territories.byId(place)
  const isCommune = found?.tier === 'COMMUNE'
  return {
    period: 2021,
    contributor: '0350001A',
    contributorName: 'ECOLE DES TILLEULS',
    kind: 'ECOLE',
    uai: '0350001A',
    communeCode: null,
    communeVintage: null,
    communeLabel: null,
    departementLabel: null,
    inScope: true,
    opened: null,
    updated: null,
    values: { 'pupils-primary': 10 },
    attributes: { SECTOR: 'PUBLIC', PRIORITY_EDUCATION: 'NONE' },
    parts: {},
    snapshot: 'abc',
    location: {
      pieces: isCommune ? territories.piecesOf(found) : [],
      departement: found === undefined ? -1 : isCommune ? found.departement : found.index,
      method: found === undefined ? 'NONE' : isCommune ? 'UAI' : 'DEPARTEMENT',
    },
    ...facts,
  }
}
