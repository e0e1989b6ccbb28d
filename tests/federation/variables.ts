/** What the operations that have variables are asked with, by the name of their file. */
const VARIABLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  search: { text: 'rennes' },
}

/** The variables of a document of `operations/`; none for one that has none. */
export const variablesOf = (name: string): Readonly<Record<string, unknown>> =>
  VARIABLES[name.replace('.graphql', '')] ?? {}
