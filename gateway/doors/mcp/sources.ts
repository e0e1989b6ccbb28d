import { plain } from './plain.ts'

/** The sources of an answer, numbered in the order in which they are cited. */
export interface Sources {
  /** The mark that cites a source beside its figure: `[2]`. */
  mark(provenance: object): string
  /** One line for each source. */
  lines(): readonly string[]
}

/** What tells where a figure comes from, as far as it was asked for. */
interface Provenance {
  readonly attribution?: string
  readonly owner?: { readonly name?: string } | null
  readonly licence?: { readonly title?: string; readonly url?: string } | null
  readonly datasetId?: string
  readonly datasetVersion?: string
  readonly sourceUrl?: string
  readonly retrievedAt?: string
  readonly geographyVintage?: number
}

/** Begins to count the sources of an answer. */
export function createSources(): Sources {
  const known = new Map<string, number>()
  return {
    mark(provenance) {
      const line = citationOf(provenance)
      const number = known.get(line) ?? known.size + 1
      known.set(line, number)
      return `[${number}]`
    },
    lines: () => [...known].map(([line, number]) => `[${number}] ${line}`),
  }
}

function citationOf(provenance: Provenance): string {
  const { attribution, owner, licence, datasetId, datasetVersion, sourceUrl, retrievedAt, geographyVintage } =
    provenance
  return [
    attribution && plain(attribution),
    licence?.title && `licence ${plain(licence.title)}${licence.url ? ` (${plain(licence.url)})` : ''}`,
    datasetId && `dataset ${plain(datasetId)}`,
    datasetVersion && `version ${plain(datasetVersion)}`,
    owner?.name && `owner ${plain(owner.name)}`,
    sourceUrl && `at ${plain(sourceUrl)}`,
    retrievedAt && `retrieved ${plain(retrievedAt.slice(0, 'YYYY-MM-DD'.length))}`,
    geographyVintage && `geography COG ${geographyVintage}`,
  ]
    .filter((part) => part)
    .join('; ')
}
