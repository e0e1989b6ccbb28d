/**
 * A feed: all the figures that a dataset gives at one tier, over all its measures and periods, one row a figure. Each row
 * stands on its own: whose figure it is, under which licence, how complete and of when. The columns and their order stay the
 * same as long as {@link FEED_LAYOUT} does.
 */
export const FEED_LAYOUT = 1

/** What a cell of a feed may hold; null where there is nothing, which `status` explains. */
export type FeedCell = string | number | boolean | null

/** One column of a feed. */
export interface FeedColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'datetime'
  /** One sentence. */
  readonly description: string
  /** False where no row may lack it. */
  readonly nullable: boolean
}

const column = (name: string, type: FeedColumn['type'], description: string, nullable = false): FeedColumn => ({
  name,
  type,
  description,
  nullable,
})

/** Where: the territory, as it stands in the newest COG vintage held. */
export const PLACE_COLUMNS = [
  column('territory', 'string', 'Tier and code in one: commune:01001. Always read as text, whatever the program.'),
  column('code', 'string', 'Official code of the territory (COG, SIREN of an EPCI); text, leading zeros included.'),
  column('name', 'string', 'Official name of the territory.'),
  column('tier', 'string', 'COMMUNE, EPCI, DEPARTEMENT, REGION, NATION, or GROUPING.'),
  column('geography', 'integer', 'COG vintage on which the figure is given: the situation on 1 January of that year.'),
] as const

/** What: the measure and its year. */
export const QUESTION_COLUMNS = [
  column('measure', 'string', 'Identifier of what is counted, as the catalogue has it.'),
  column('period', 'integer', 'Year of the figure: the September of a rentrée, the reference year of a census.'),
  column('unit', 'string', 'What one is: pupils, inhabitants…'),
] as const

/** The figure, or why there is none. */
export const FIGURE_COLUMNS = [
  column('value', 'number', 'The figure; empty where the status says why there is none. 0 is a figure.', true),
  column('status', 'string', 'NORMAL or PARTIAL with a value; any other says why there is none.'),
  column('method', 'string', 'PUBLISHED, CONSOLIDATED (added up) or CONVERTED (carried from another geography).'),
  column('estimated_share', 'number', 'Share of the value that was estimated, from 0 to 1.'),
  column('expected', 'integer', 'How many contributors were expected; empty where nobody was.', true),
  column('reported', 'integer', 'How many of them reported.', true),
  column('missing', 'integer', 'How many of them did not.', true),
  column('suppressed', 'integer', 'How many of them are kept secret by the source.', true),
  column('coverage_share', 'number', 'Share of the expected weight that reported, from 0 to 1.', true),
  column('simulated', 'boolean', 'True when the figure is invented, not official.'),
  column(
    'answered',
    'boolean',
    'True where the API answers this figure; false where another dataset, which comes first, answers in its stead.',
  ),
] as const

/** Whose figure it is, and of when. The last three change with each version; no other column does where no figure did. */
export const SOURCE_COLUMNS = [
  column('dataset', 'string', 'Identifier of the dataset that gives the figure.'),
  column('owner', 'string', 'Who is competent by law for what is counted.'),
  column('legal_basis', 'string', 'The text that gives the competence.'),
  column('producer', 'string', 'Who produces the figure.'),
  column('publisher', 'string', 'Who publishes the file that it comes from.'),
  column('licence', 'string', 'Identifier of the licence (SPDX where there is one).'),
  column('licence_url', 'string', 'The text of the licence.'),
  column('attribution', 'string', 'The sentence that the licence asks to be shown.'),
  column('source_url', 'string', 'The page of the dataset.'),
  column('dataset_version', 'string', 'Version of the dataset within this store, with the first digits of its hash.'),
  column('retrieved_at', 'datetime', 'When the file was taken, UTC.'),
  column('data_version', 'string', 'Version of all the data, from which changes can be asked with ?since=.'),
] as const

/** The columns, in their order. */
export const FEED_COLUMNS: readonly FeedColumn[] = [
  ...PLACE_COLUMNS,
  ...QUESTION_COLUMNS,
  ...FIGURE_COLUMNS,
  ...SOURCE_COLUMNS,
]

/** How many columns, at the end, change with each version and say nothing of the figure. */
export const VERSION_COLUMNS = 3

/** The columns that tell rows apart; no two rows of a feed have the same. Rows are in this order. */
export const FEED_KEY = ['measure', 'period', 'territory'] as const

/** `csv` and `ndjson` are text in blocks of rows; `parquet` has the same rows and types. */
export const FEED_FORMATS = ['csv', 'parquet', 'ndjson'] as const

/** See {@link FEED_FORMATS}. */
export type FeedFormat = (typeof FEED_FORMATS)[number]

/** The name of a feed: `population-municipale-commune`. */
export const feedName = (dataset: string, tier: string): string => `${dataset}-${tier.toLowerCase()}`
