import { readFileSync } from 'node:fs'
import { catalogOf, type CatalogueEntry } from '../../core/observations/dcat.ts'
import type { FeedEntry } from './feeds/feeds.ts'
import type { Execute } from './execute.ts'

/** The document that the catalogue asks; it is also an example of its own. */
const OPERATION = readFileSync(new URL('../../operations/catalogue.graphql', import.meta.url), 'utf8')

/**
 * The catalogue as a JSON-LD document, or undefined when its owner did not answer.
 * @param baseUrl where the service answers, without a slash at the end.
 * @param feeds the files of the store, of which those of datasets are named; default: none.
 */
export async function readCatalog(
  execute: Execute,
  baseUrl: string,
  feeds: readonly FeedEntry[] = [],
): Promise<string | undefined> {
  const { data } = await execute(OPERATION)
  const { datasets } = (data ?? {}) as { readonly datasets?: readonly CatalogueEntry[] | null }
  return datasets ? JSON.stringify(catalogOf(datasets, baseUrl, feeds)) : undefined
}
