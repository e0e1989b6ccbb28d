import { html, svg } from 'lit-html'
import { ask } from '../ask.js'
import { choice } from '../choice.js'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { percent } from '../numbers.js'
import { section } from '../section.js'
import { state } from '../state.js'
import { named, words } from '../words/words.js'
import { CYCLES } from './cycles.js'
import { shownYear } from './year.js'

/**
 * @import { EnrolmentBreakdownPartFragment } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { AnswerError } from '../answers.d.ts'
 */

const DIMENSIONS = ['SECTOR', 'LEVEL', 'SEX', 'PRIORITY_EDUCATION']

/** Who the pupils of a territory are, cycle by cycle. @param {string} id */
export function breakdown(id) {
  const w = words()
  const asked = state.one('by')
  const by = asked !== null && DIMENSIONS.includes(asked) ? asked : 'SECTOR'
  const variables = { id, schoolYear: shownYear(), by: [by] }
  return section(
    {
      id: 'breakdown',
      title: w.territory.breakdown,
      asked: ask('enrolment-breakdown', variables),
      lead: html`<div class="controls">
        ${choice({
          label: w.territory.by,
          name: 'by',
          chosen: by,
          options: DIMENSIONS.map((one) => [one, named(w.dimensions, one)]),
        })}
      </div>`,
      foot: same('enrolment-breakdown', variables, w.territory.breakdown),
    },
    ({ data, errors }) =>
      CYCLES.map(([cycle, measure]) =>
        cycleOf({ id, cycle, measure, parts: data.territory?.schoolEnrolment[cycle], errors }),
      ),
  )
}

/**
 * @param {object} of
 * @param {string} of.id
 * @param {'primary' | 'lowerSecondary' | 'upperSecondary'} of.cycle
 * @param {string} of.measure
 * @param {readonly EnrolmentBreakdownPartFragment[] | null | undefined} of.parts
 * @param {readonly AnswerError[]} of.errors
 */
function cycleOf({ id, cycle, measure, parts, errors }) {
  const w = words()
  if (!parts) {
    const error = errors.find(({ path = [] }) => path.includes(cycle))
    const owner = error?.extensions?.code === 'UNSUPPORTED_BREAKDOWN' ? undefined : error?.extensions?.subgraph
    return html`<h3><span class="swatch ${cycle}"></span>${w.cycles[cycle]}</h3>
      <p class="soft" title=${error?.message ?? ''}>
        ${owner ? w.ownerDown(named(w.owners, owner)) : w.territory.noBreakdown}
      </p>`
  }
  const sum = parts.reduce((all, { observation }) => all + (observation.value ?? 0), 0)
  return html`<div
    class="scroll"
    tabindex="0"
    role="region"
    aria-label=${`${w.territory.breakdown}, ${w.cycles[cycle]}`}
  >
    <table class="bars">
      <caption>
        <span class="swatch ${cycle}"></span
        >${w.cycles[cycle]}
      </caption>
      <thead class="hidden">
        <tr>
          <th scope="col">${w.territory.breakdown}</th>
          <th scope="col">${w.territory.pupils}</th>
          <th scope="col">${w.territory.part_}</th>
          <th scope="col">${w.chart}</th>
        </tr>
      </thead>
      <tbody>
        ${parts.map(({ label, observation }) => {
          const share = sum > 0 && observation.value !== null ? observation.value / sum : null
          return html`<tr>
            <th scope="row">${label}</th>
            <td class="number">${figure(observation, { id, measure, label: `${w.cycles[cycle]}, ${label}` })}</td>
            <td class="number">${share === null ? w.none : percent(share)}</td>
            <td class="bar">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                ${svg`<rect class=${cycle} width=${(share ?? 0) * 100} height="8"></rect>`}
              </svg>
            </td>
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}
