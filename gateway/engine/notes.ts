/** What is noted of an operation on its way, for whoever counts it or keeps its answer. */
export interface Notes {
  /** The name of the operation; empty where it has none or none was found. */
  operation: string
  /** Its estimated cost, in points; 0 where it was not paid for. */
  requested: number
  /** Whether it was valid and paid for, so that its answer is one of the data and not of the request. */
  executed: boolean
  /** Whether the answer has data and no error. */
  complete: boolean
  /** Whether the answer may change without a new version of the data. */
  volatile: boolean
  /** The version of the data that every part of the answer is of; undefined where subgraphs tell none. */
  dataVersion: string | undefined
}

/** Notes of an operation that has not begun. */
export const openNotes = (): Notes => ({
  operation: '',
  requested: 0,
  executed: false,
  complete: false,
  volatile: false,
  dataVersion: undefined,
})
