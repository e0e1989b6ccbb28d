import { StratesError } from '../../../core/observations/error.ts'
import type { Observation } from '../../../core/observations/observation.ts'
import type { StoreReader } from '../../../core/store/reader.ts'
import type { Atlas } from '../../../core/territories/atlas.ts'
import type { Tier } from '../../../core/territories/code.ts'
import { observe, type SubgraphContext } from '../../kit/context.ts'
import { placeOn } from '../../kit/place.ts'
import { inSlices } from '../../kit/slices.ts'
import { parentOf } from '../../kit/tier.ts'
import { MOST_HITS, type Hit } from './best.ts'
import { departementsOf, labelOf } from './label.ts'
import { createSearch, makeSearch, type Search } from './search.ts'
import { POPULATION } from './searchIndex.ts'

const LONGEST_TEXT = 100

/** The search over each store that is held: made before the store is served, else with its first question. */
const searches = new WeakMap<Atlas, Search>()
const making = new WeakMap<Atlas, Promise<Search>>()

/** Makes the search over a store before anyone asks; meanwhile others are answered. */
export async function prepareSearch(store: StoreReader): Promise<void> {
  try {
    await findSearch(store)
  } catch (error) {
    // The first question tries again: the rest is served while a database does not answer.
    if (!(error instanceof StratesError) || error.code !== 'DATABASE_UNREACHABLE') throw error
  }
}

/** Made once, for all who ask meanwhile. */
async function findSearch(store: StoreReader): Promise<Search> {
  const { atlas } = store
  const known = searches.get(atlas)
  if (known !== undefined) return known
  const made = making.get(atlas) ?? makeInSlices(store)
  making.set(atlas, made)
  try {
    const search = await made
    searches.set(atlas, search)
    return search
  } finally {
    making.delete(atlas)
  }
}

async function makeInSlices(store: StoreReader): Promise<Search> {
  const { defaultPopulationYear: year } = store.manifest
  // Fetched one by one, they would take a round for each.
  const values = store.waits && year !== null ? await store.valuesOf(POPULATION, year) : undefined
  return inSlices(makeSearch(store, values?.valueOf))
}

/**
 * Finds territories by what was typed.
 * @throws StratesError EMPTY_TEXT, TEXT_TOO_LONG or INVALID_PAGE.
 */
export function search(
  store: StoreReader,
  {
    text,
    tiers,
    first,
  }: { readonly text: string; readonly tiers?: readonly Tier[] | null; readonly first?: number | null },
): readonly Hit[] | Promise<readonly Hit[]> {
  requireText(text)
  const question = { text, tiers: tiers ?? [], first: requireSize(first ?? 10) }
  const known = searches.get(store.atlas)
  if (known !== undefined) return known(question)
  if (store.waits) return findSearch(store).then((find) => find(question))
  const find = createSearch(store)
  searches.set(store.atlas, find)
  return find(question)
}

/** What is shown of a hit. */
export const searchHit = {
  territory: ({ territory }: Hit, _: unknown, { store }: SubgraphContext) => parentOf(store, territory),
  label: ({ territory }: Hit, _: unknown, { store }: SubgraphContext) => labelOf(territory, store.territories),
  population({ territory }: Hit, _: unknown, context: SubgraphContext): Observation {
    const { geography, defaultPopulationYear } = context.store.manifest
    const place = placeOn(context.store, parentOf(context.store, territory), geography, geography)
    return observe(context, { measure: POPULATION, period: defaultPopulationYear ?? geography, place })
  },
  departements: ({ territory }: Hit, _: unknown, { store }: SubgraphContext) =>
    departementsOf(territory, store.territories).map(({ code }) => code),
}

function requireText(text: string): void {
  if (text.trim() === '') {
    throw new StratesError({
      code: 'EMPTY_TEXT',
      what: 'There is nothing to look for',
      on: `text: ${JSON.stringify(text.slice(0, 20))}`,
      expected: 'a name or a code, or the beginning of one',
      remedy: 'Ask once something is typed.',
    })
  }
  if (text.length <= LONGEST_TEXT) return
  throw new StratesError({
    code: 'TEXT_TOO_LONG',
    what: 'The text is too long',
    on: `text: ${text.length} characters`,
    expected: `at most ${LONGEST_TEXT}`,
    remedy: 'Ask for the name or the code alone.',
  })
}

function requireSize(first: number): number {
  if (first >= 1 && first <= MOST_HITS) return first
  throw new StratesError({
    code: 'INVALID_PAGE',
    what: 'So many hits cannot be given',
    on: `first: ${first}`,
    expected: `a number from 1 to ${MOST_HITS}`,
    remedy: 'Type more of the name to find what is not among the first.',
  })
}
