import { html, nothing } from 'lit-html'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { section } from '../section.js'
import { words } from '../words/words.js'

/** @import { Asked } from '../answers.d.ts' */

/** How many people live there. @param {Asked<'territory'>} asked */
export function population(asked) {
  const w = words()
  const territory = asked.state === 'answered' ? asked.data.territory : null
  const id = territory?.id ?? ''
  return section(
    {
      id: 'population',
      title: w.territory.population,
      asked,
      foot: id === '' ? nothing : same('population-series', { id }, w.territory.population),
    },
    ({ errors }) => {
      const observation = territory?.population
      return html`<p class="big">
          ${figure(observation, {
            id,
            measure: 'population-municipale',
            label: w.territory.population,
            errors,
            path: ['territory', 'population'],
          })}
        </p>
        ${observation ? html`<p class="soft">${w.territory.populationOf(observation.timePeriod)}</p>` : nothing}`
    },
  )
}
