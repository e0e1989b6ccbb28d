import { html, nothing, svg } from 'lit-html'
import { figure } from '../figure/figure.js'
import { said } from '../figure/said.js'
import { same } from '../figure/same.js'
import { number, percent } from '../numbers.js'
import { section } from '../section.js'
import { words } from '../words/words.js'
import { CYCLES, TOTAL } from './cycles.js'
import { shownYear, yearChoice } from './year.js'

/** @import { Asked, Observation } from '../answers.d.ts' */

/** The pupils of one rentrée: who counts them, how many, and which part of the total that is. @param {Asked<'territory'>} asked */
export function enrolment(asked) {
  const w = words()
  const id = asked.state === 'answered' ? (asked.data.territory?.id ?? '') : ''
  const variables = { id, schoolYear: shownYear() }
  return section(
    {
      id: 'enrolment',
      title: w.territory.enrolment,
      asked,
      lead: html`<div class="controls">${yearChoice()}</div>`,
      foot: id === '' ? nothing : same('territory', variables, w.territory.enrolment),
    },
    ({ data, errors }) => {
      const enrolment = data.territory?.schoolEnrolment
      if (!enrolment) return nothing
      const known = CYCLES.reduce((sum, [cycle]) => sum + (enrolment[cycle]?.value ?? 0), 0)
      const isWhole = enrolment.total?.status === 'NORMAL'
      const path = ['territory', 'schoolEnrolment']
      return html`${bar(CYCLES.map(([cycle]) => [cycle, enrolment[cycle]?.value ?? 0]))}
        <div class="scroll" tabindex="0" role="region" aria-labelledby="enrolment-title">
          <table>
            <caption>
              ${w.territory.rentree(`${enrolment.schoolYear}`)}
            </caption>
            <thead>
              <tr>
                <th scope="col">${w.territory.cycle}, <span class="soft">${w.territory.owner}</span></th>
                <th scope="col" class="number">${w.territory.pupils}</th>
                <th scope="col" class="number">${isWhole ? w.territory.share : w.territory.shareOfKnown}</th>
                <th scope="col" class="number">${w.territory.coverage}</th>
              </tr>
            </thead>
            <tbody>
              ${CYCLES.map(([cycle, measure]) => {
                const observation = enrolment[cycle]
                return html`<tr>
                  <th scope="row">
                    <span class="swatch ${cycle}"></span>${w.cycles[cycle]}<br /><small class="soft"
                      >${observation?.provenance?.owner ? said(observation.provenance.owner.name) : nothing}</small
                    >
                  </th>
                  <td class="number">
                    ${figure(observation, { id, measure, label: w.cycles[cycle], errors, path: [...path, cycle] })}
                  </td>
                  <td class="number">
                    ${observation?.value == null || known === 0 ? w.none : percent(observation.value / known)}
                  </td>
                  <td class="number">${coverageOf(observation)}</td>
                </tr>`
              })}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">${w.cycles.total}</th>
                <td class="number">
                  <strong
                    >${figure(enrolment.total, {
                      id,
                      measure: TOTAL,
                      label: w.cycles.total,
                      errors,
                      path: [...path, 'total'],
                    })}</strong
                  >
                </td>
                <td class="number">${known === 0 || enrolment.total?.value == null ? w.none : percent(1)}</td>
                <td class="number">${coverageOf(enrolment.total)}</td>
              </tr>
            </tfoot>
          </table>
        </div>`
    },
  )
}

/** @param {Observation | null | undefined} observation */
function coverageOf(observation) {
  const { coverage } = observation ?? {}
  return coverage ? `${number(coverage.reported)} / ${number(coverage.expected)}` : words().none
}

/** The parts side by side; the table beside says the same. @param {readonly (readonly [string, number])[]} parts */
function bar(parts) {
  const sum = parts.reduce((all, [, value]) => all + value, 0)
  if (sum === 0) return nothing
  let x = 0
  return html`<svg class="parts" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
    ${parts.map(([name, value]) => {
      const width = (value / sum) * 1000
      const rect = svg`<rect class=${name} x=${x} y="0" width=${Math.max(0, width - 3)} height="24"></rect>`
      x += width
      return rect
    })}
  </svg>`
}
