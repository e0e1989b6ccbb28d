/** The most datasets that one answer may be said to come from. */
const MOST = 100

/** The ids of datasets in something that was not made here: what is no such id is left out. */
export const readDatasets = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(isDatasetId).slice(0, MOST) : []

const isDatasetId = (id: unknown): id is string => typeof id === 'string' && /^[\w.+-]{1,100}$/.test(id)
