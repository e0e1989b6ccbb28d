/** The three cycles, the measure of each, and that of all. */
export const CYCLES = /** @type {const} */ ([
  ['primary', 'pupils-primary'],
  ['lowerSecondary', 'pupils-lower-secondary'],
  ['upperSecondary', 'pupils-upper-secondary'],
])

/** The measure of the three cycles together. */
export const TOTAL = 'pupils-total'
