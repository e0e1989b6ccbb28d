/** What is noted of an operation on its way, for whoever counts it or keeps its answer. */
export interface Notes {
  /** The name of the operation; empty where it has none or none was found. */
  operation: string
  /** Its estimated cost, in points; 0 where it was not paid for. */
  requested: number
  /** Whether it was valid and paid for, so that its answer is one of the data and not of the request. */
  executed: boolean
  /** How it ended: with data and no error, with both, with neither by our own failure, or refused. */
  ended: 'complete' | 'partial' | 'error' | 'refused'
  /** The code of its first error. */
  code: string | undefined
  /** Whether the answer may change without a new version of the data. */
  volatile: boolean
  /** The version of the data that every part of the answer is of; undefined where subgraphs tell none. */
  dataVersion: string | undefined
  /** The datasets that the figures of the answer come from, sorted. */
  datasets: readonly string[]
}

/** Notes of an operation that has not begun. */
export const openNotes = (): Notes => ({
  operation: '',
  requested: 0,
  executed: false,
  ended: 'refused',
  code: undefined,
  volatile: false,
  dataVersion: undefined,
  datasets: [],
})
