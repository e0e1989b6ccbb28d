/** The header in which a gateway names the edition of the data that must answer. */
export const WANTED_HEADER = 'strates-data-version'

/** The header in which a subgraph names the editions that it holds, the newest first, separated by commas. */
export const HELD_HEADER = 'strates-data-versions'

/** The header in which a subgraph says why it cannot read its store at the moment: the code of an error. */
export const PROBLEM_HEADER = 'strates-store-problem'

/** The HTTP status of a subgraph that does not hold the edition that must answer. */
export const NOT_HELD_STATUS = 409

/** The editions that a header names; empty for what is no list of them. */
export function readEditions(header: string): readonly string[] {
  const editions = header.split(',').map((edition) => edition.trim())
  return editions.every((edition) => /^[\w.-]{1,64}$/.test(edition)) && editions.length <= 10 ? editions : []
}
