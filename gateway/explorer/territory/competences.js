import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { same } from '../figure/same.js'
import { number } from '../numbers.js'
import { section } from '../section.js'
import { addressOf } from '../state.js'
import { named, words } from '../words/words.js'

/**
 * @import { CompetencesQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @typedef {NonNullable<NonNullable<CompetencesQuery['territory']>['competences']>[number]} Competence
 */

/** How many of a cycle are named; all are on the page of who opens what. */
const NAMED = 3

/** Who is competent by law for the public schools of a territory, by name. @param {string} id */
export function competences(id) {
  const w = words()
  const variables = { id }
  return section(
    {
      id: 'competences',
      title: w.territory.competences,
      asked: ask('competences', variables),
      foot: same('competences', variables, w.territory.competences),
    },
    ({ data }) => {
      const all = data.territory?.competences ?? []
      const cycles = [...new Set(all.map(({ cycle }) => cycle))]
      return html`<dl class="facts competences">
        ${cycles.map((cycle) =>
          ofCycle(
            cycle,
            all.filter((one) => one.cycle === cycle),
            id,
          ),
        )}
      </dl>`
    },
  )
}

/** @param {string} cycle @param {readonly Competence[]} found @param {string} id */
function ofCycle(cycle, found, id) {
  const w = words()
  const left = found.length - NAMED
  return html`<div>
    <dt>${named(w.cyclesCompetence, cycle)}</dt>
    ${found.slice(0, NAMED).map(entry)}
    ${
      left > 0
        ? html`<dd>
            <a href=${addressOf({ tab: 'owners', t: id }, '/sources')}>${w.territory.others(number(left))}</a>
          </dd>`
        : nothing
    }
  </div>`
}

/** @param {Competence} competence */
function entry({ status, name, governs, transferableTo, legalBasis, notes }) {
  const w = words()
  const who = name ?? html`<span class="absent">${named(w.competenceStatuses, status)}</span>`
  return html`<dd>
    ${governs && name !== null ? html`<a href=${addressOf({ t: governs.id })}>${who}</a>` : who}
    ${
      status === 'UNKNOWN' && transferableTo
        ? html`<span class="soft"> · ${w.territory.mayBe(transferableTo.name)}</span>`
        : nothing
    }
    <br /><small class="soft" title=${notes.join(' ')}>${legalBasis}</small>
  </dd>`
}
