import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { same } from '../figure/same.js'
import { number } from '../numbers.js'
import { section } from '../section.js'
import { addressOf, state } from '../state.js'
import { named, words } from '../words/words.js'
import { askPages } from './pages.js'

/** How many are named at first, and added at once. */
export const PAGE = 25

/** The most that one question may ask. */
const MOST = 1000

/** Who is missing in a figure by name, so that someone can call them. @param {string} id @param {string} measure @param {number} year */
export function missing(id, measure, year) {
  const w = words().sources.missing
  const pages = Math.max(1, Number(state.one('pages')) || 1)
  const { asked, variables, name, place, observation, found, total } = (
    measure === 'pupils-primary' ? missingSchools : missingMembers
  )({ id, measure, year }, pages)
  const title = w.title(place ?? id)
  return section({ id: 'missing', title, asked, foot: same(name, variables, title) }, () => {
    if (total === 0) return html`<p>${noneOf(observation)}</p>`
    return html`<table class="cards missing">
        <caption>
          ${w.lead(number(found.length), number(total))}
        </caption>
        <thead>
          <tr>
            ${[w.name, w.code, w.reason, w.place].map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${found.map(
            ({ kind, code, name, reason, placeId, placeName }) =>
              html`<tr>
                <th scope="row">
                  ${name}
                  ${kind === 'SCHOOL' ? nothing : html`<span class="small soft">${named(words().missingKinds, kind)}</span>`}
                </th>
                <td data-label=${w.code}><code>${code}</code></td>
                <td data-label=${w.reason}>${named(words().missingReasons, reason)}</td>
                <td data-label=${w.place}><a href=${addressOf({ t: placeId }, '/')}>${placeName}</a></td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        found.length < total && found.length < (name === 'figure' ? MOST : Infinity)
          ? html`<p>
              <a class="more" href=${addressOf({ pages: `${pages + 1}` })}
                >${words().more}<span class="hidden">${words().colon} ${title}</span></a
              >
            </p>`
          : nothing
      }`
  })
}

/**
 * @import { Name, Observation, Reply } from '../answers.d.ts'
 * @import { Variables } from '../ask.js'
 * @typedef {{ id: string, measure: string, year: number }} Of
 * @typedef {{ kind: string, code: string, name: string, reason: string, placeId: string, placeName: string }} Member
 * @typedef {{ asked: Reply<unknown>, variables: Variables, name: Name, place: string | undefined, observation: Observation | null | undefined, found: readonly Member[], total: number }} Found
 */

/** Why nobody is named: none is missing, the number is no sum, or there is no number of which one could miss. @param {Found['observation']} observation */
function noneOf(observation) {
  const w = words()
  if (!observation || observation.value === null) {
    return w.sources.missing.noValue(named(w.statuses, observation?.status ?? 'SOURCE_UNAVAILABLE'))
  }
  return observation.coverage ? w.figure.noMissing : w.figure.noCoverage
}

/** The écoles, page by page. @param {Of} of @param {number} most @returns {Found} */
function missingSchools({ id, year }, most) {
  const variables = { id, schoolYear: year, first: PAGE }
  const { asked, pages } = askPages(
    (after) => ask('missing-schools', { ...variables, after }),
    ({ territory }) => territory?.schoolEnrolment.primary?.missingMembers,
    most,
  )
  const territory = asked.state === 'answered' ? asked.data.territory : undefined
  const observation = territory?.schoolEnrolment.primary
  const found = pages.flatMap(({ nodes }) => namedOf(nodes))
  const place = territory?.name
  return { asked, variables, name: 'missing-schools', place, observation, found, total: pages[0]?.totalCount ?? 0 }
}

/** Of any other measure, as far as one question reaches. @param {Of} of @param {number} pages @returns {Found} */
function missingMembers({ id, measure, year }, pages) {
  const variables = { id, measure, period: year, first: Math.min(MOST, PAGE * pages) }
  const asked = ask('figure', variables)
  const territory = asked.state === 'answered' ? asked.data.territory : undefined
  const cell = territory?.observations?.at(-1)
  const observation = cell && 'observation' in cell ? cell.observation : null
  const members = observation?.missingMembers
  const found = namedOf(members?.nodes)
  return {
    asked,
    variables,
    name: 'figure',
    place: territory?.name,
    observation,
    found,
    total: members?.totalCount ?? 0,
  }
}

/** @param {readonly (Member | null)[] | null | undefined} nodes */
const namedOf = (nodes) => (nodes ?? []).filter((node) => node !== null)
