import { svg } from 'lit-html'
import { hatchOf } from './classes.js'

/** How each status that stands in the place of a value is hatched: the lines of a square of eight, told apart without colour. @type {Readonly<Record<string, string>>} */
const LINES = {
  NOT_PUBLISHED: 'M-2,6l4,4M0,0l8,8M6,-2l4,4',
  NOT_APPLICABLE: 'M2,2h1.6M6,6h1.6',
  SUPPRESSED: 'M0,0l8,8M8,0l-8,8',
  SOURCE_UNAVAILABLE: 'M-2,2l4,-4M0,8l8,-8M6,10l4,-4',
  OUT_OF_SCOPE: 'M0,2h8M0,6h8',
  NON_ADDITIVE: 'M2,0v8M6,0v8',
  shared: 'M0,4h4M4,0v4',
}

/** The patterns that absent values are hatched with; they stand once in a page. */
export const hatches = () =>
  svg`<defs>${Object.entries(LINES).map(
    ([status, d]) =>
      svg`<pattern id=${hatchOf(status)} width="8" height="8" patternUnits="userSpaceOnUse"><rect class="hatch" width="8" height="8" /><path class="hatch" d=${d} /></pattern>`,
  )}</defs>`
