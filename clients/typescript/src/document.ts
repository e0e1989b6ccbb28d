/** A question in GraphQL, and the types of what goes in and comes out. */
export interface StratesDocument<Data, Variables> {
  /** The name of the operation in the text. */
  readonly operationName: string
  /** The sha256 of the text in hexadecimal. By it the text is named instead of sent; without one it is sent each time. */
  readonly hash?: string
  readonly text: string
  /** Only for the compiler; never there. */
  readonly __apiType?: (variables: Variables) => Data
}

/** What a question is answered with. */
export interface Answer<Data> {
  /** What was found. A part whose owner did not answer is null, and `errors` says so. */
  readonly data: Data
  /** Why parts are missing; empty where none is. */
  readonly errors: readonly AnswerError[]
  /** The version of the data that the whole answer is of. */
  readonly dataVersion: string | undefined
  /** What the answer cost, in points; see `/v1/limits`. */
  readonly cost: Cost | undefined
}

/** One error of an answer. */
export interface AnswerError {
  readonly message: string
  /** Where in `data` something is missing. */
  readonly path?: readonly (string | number)[]
  readonly extensions?: {
    /** Stable, for programs: `SUBGRAPH_UNAVAILABLE`, `UNKNOWN_TERRITORY` and others. */
    readonly code?: string
    readonly [name: string]: unknown
  }
}

/** What an answer cost. */
export interface Cost {
  readonly requested: number
  /** The most that one question may cost. */
  readonly limit: number
}
