import { html } from 'lit-html'
import { ask } from '../ask.js'
import { same } from '../figure/same.js'
import { section } from '../section.js'
import { state } from '../state.js'
import { words } from '../words/words.js'

/** The pupils of each cycle over the years. @param {string} id */
export function series(id) {
  const w = words()
  const variables = { id, geography: state.year('geography') }
  return section(
    {
      id: 'series',
      title: w.territory.series,
      asked: ask('enrolment-series', variables),
      foot: same('enrolment-series', variables, w.territory.series),
    },
    () => html`<p>…</p>`,
  )
}
