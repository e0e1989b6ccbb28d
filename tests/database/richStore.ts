/** A tiny store of measures of every make: from two sources, of two parts, a ratio, and a sum over owners. */
import type { Version } from '../../pipeline/publish.ts'
import { cell, dataset, measure, slice, version } from '../core/store/tinyStore.ts'

const SAID = ['Said of "each"; C:\\new\tone.']

const MEASURES = [
  measure('pupils-primary', { kinds: ['ECOLE'], datasets: ['ecoles', 'annuaire'] }),
  measure('classes-primary', { kinds: ['ECOLE'], unit: 'classes', unitFr: 'classes' }),
  measure('pupils-per-class', {
    kinds: ['ECOLE'],
    datasets: [],
    unit: 'pupils per class',
    additivity: { kind: 'RATIO', numerator: 'pupils-primary', denominator: 'classes-primary' },
  }),
  measure('pupils-lower', { kinds: ['COLLEGE'], owner: 'departement', datasets: ['colleges'] }),
  measure('pupils-upper', {
    kinds: ['LYCEE'],
    owner: 'region',
    datasets: ['annuaire'],
    parts: ['pupils-upper-gt', 'pupils-upper-pro'],
  }),
  measure('pupils-upper-gt', { kinds: ['LYCEE'], owner: 'region', datasets: ['lycees-gt'] }),
  measure('pupils-upper-pro', { kinds: ['LYCEE'], owner: 'region', datasets: ['lycees-pro'] }),
  measure('pupils-total', {
    owner: 'national',
    datasets: [],
    parts: ['pupils-primary', 'pupils-lower', 'pupils-upper'],
    across: {
      datasetId: 'all-cycles',
      title: 'All cycles',
      producer: 'Strates',
      publisher: 'Strates',
      licence: 'etalab-2.0',
      sourceUrl: 'https://example.fr/',
      rule: 'Sum.',
      labels: {},
    },
  }),
  measure('population', { owner: 'national', datasets: ['census'], communeMethod: 'PUBLISHED', unit: 'inhabitants' }),
]

const DATASETS = [
  ...['ecoles', 'colleges', 'lycees-gt', 'lycees-pro', 'census'].map((id) => dataset(id)),
  dataset('annuaire', { simulated: true, attribution: 'The directory; "quoted"' }),
]

const departement = { owner: 'departement', measure: 'pupils-lower', dataset: 'colleges' } as const
const region = { owner: 'region', extent: ['35'] } as const

/** What it holds, of the rentrée 2021 and the census of 2020. */
export const richVersion = (): Version => ({
  ...version(
    [
      slice(
        0,
        [
          cell('commune:35238', 100),
          cell('commune:35047', 20, { status: 'PARTIAL', expected: 3, reported: 1, suppressed: 1, share: 0.4 }),
          cell('departement:35', 130, { notLocated: 2, notLocatedValue: 10, estimated: 13 }),
          cell('epci:243500139', 0),
          cell('nation:FR', 130),
        ],
        {},
        ({ value }) => (value === 130 ? SAID : []),
      ),
      slice(1, [cell('commune:35238', 90), cell('commune:35093', 40)], {
        dataset: 'annuaire',
        rank: 1,
        note: 'Weaker.',
      }),
      slice(2, [cell('commune:35238', 5), cell('epci:243500139', 0), cell('nation:FR', 6)], {
        measure: 'classes-primary',
      }),
      slice(3, [cell('commune:35238', null, { status: 'SUPPRESSED' }), cell('departement:35', 500)], departement),
      slice(4, [cell('region:53', 700), cell('departement:35', 300)], {
        ...region,
        measure: 'pupils-upper-gt',
        dataset: 'lycees-gt',
      }),
      slice(5, [cell('region:53', 70)], { ...region, measure: 'pupils-upper-pro', dataset: 'lycees-pro' }),
      slice(6, [cell('commune:35238', 33), cell('region:53', 760)], {
        ...region,
        measure: 'pupils-upper',
        dataset: 'annuaire',
      }),
      slice(7, [cell('commune:35238', 225_081), cell('nation:FR', 68_000_000)], {
        owner: 'national',
        measure: 'population',
        dataset: 'census',
        period: 2020,
      }),
    ],
    { measures: MEASURES, datasets: DATASETS },
  ),
  feeds: false,
})
