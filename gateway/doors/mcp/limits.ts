/** The most entries that are shown of any list. */
export const MOST_ROWS = 50

/** How many are tried, in this order, until the answer is short enough for a model to read. */
export const ROW_STEPS = [MOST_ROWS, 25, 10, 5, 2, 1]

/** The most characters of the text of an answer. */
export const MOST_TEXT = 40_000

/** The most characters of the data of an answer, as JSON. */
export const MOST_DATA = 160_000
