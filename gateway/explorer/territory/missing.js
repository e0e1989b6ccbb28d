import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { number } from '../numbers.js'
import { section } from '../section.js'
import { addressOf, change, state } from '../state.js'
import { named, words } from '../words/words.js'
import { shownYear } from './year.js'

/** How many are listed at first, and then with each step. */
const STEP = 20

/**
 * The list that was shown last, and of what it is.
 * @import { Asked } from '../answers.d.ts'
 * @type {{ of: string, asked: Asked<'missing-schools'> } | undefined}
 */
let before

/** The schools that should be in the primary enrolment of a territory and are not. @param {string} id */
export function missing(id) {
  const w = words()
  const first = Math.min(500, Math.max(STEP, Number(state.one('missing')) || STEP))
  const variables = { id, schoolYear: shownYear(), first }
  const newest = ask('missing-schools', variables)
  const of = `${id} ${variables.schoolYear}`
  if (newest.state === 'answered') before = { of, asked: newest }
  // While more are asked for, those that are there stay, and so does the reader's place among them.
  const asked = newest.state === 'loading' && before?.of === of ? before.asked : newest
  return section(
    {
      id: 'missing',
      title: w.territory.missing,
      asked,
      foot: same('missing-schools', variables, w.territory.missing),
    },
    ({ data, errors }) => {
      const observation = data.territory?.schoolEnrolment.primary
      const members = observation?.missingMembers
      if (!observation || !members || (observation.value === null && members.totalCount === 0)) {
        const path = ['territory', 'schoolEnrolment', 'primary']
        return html`<p>
          ${figure(observation, { id, measure: 'pupils-primary', label: w.cycles.primary, errors, path })}
        </p>`
      }
      if (members.totalCount === 0) return html`<p>${w.territory.missingNone}</p>`
      const nodes = (members.nodes ?? []).filter((node) => node !== null)
      return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="missing-title">
          <table>
            <caption>
              ${w.territory.missingCount(members.totalCount, number(members.totalCount))}
            </caption>
            <thead>
              <tr>
                <th scope="col">${w.territory.school}</th>
                <th scope="col">UAI</th>
                <th scope="col">${w.territory.place}</th>
                <th scope="col">${w.territory.reason}</th>
              </tr>
            </thead>
            <tbody>
              ${nodes.map(
                ({ kind, code, name, reason, placeId, placeName }) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>
                      ${kind === 'SCHOOL' ? html`<code>${code}</code>` : html`<span class="soft">${named(w.missingKinds, kind)}</span>`}
                    </td>
                    <td>${placeId === id ? placeName : html`<a href=${addressOf({ t: placeId })}>${placeName}</a>`}</td>
                    <td>${named(w.missingReasons, reason)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${
          nodes.length < members.totalCount && first < 500
            ? html`<p>
                <button type="button" @click=${() => change({ missing: `${first + 100}` }, { replace: true })}>
                  ${w.more}
                </button>
              </p>`
            : nothing
        }`
    },
  )
}
