import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { same } from '../figure/same.js'
import { section } from '../section.js'
import { addressOf } from '../state.js'
import { named, words } from '../words/words.js'

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
    ({ data }) =>
      html`<dl class="facts competences">
        ${(data.territory?.competences ?? []).slice(0, 12).map(
          ({ cycle, status, name, governs, transferableTo, legalBasis, notes }) =>
            html`<div>
              <dt>${named(w.cyclesCompetence, cycle)}</dt>
              <dd>
                ${name === null ? html`<span class="absent">${named(w.competenceStatuses, status)}</span>` : governs ? html`<a href=${addressOf({ t: governs.id })}>${name}</a>` : name}
                ${status === 'UNKNOWN' && transferableTo ? html`<span class="soft"> · ${w.territory.mayBe(transferableTo.name)}</span>` : nothing}
                <br /><small class="soft" title=${notes.join(' ')}>${legalBasis}</small>
              </dd>
            </div>`,
        )}
      </dl>`,
  )
}
