import { html } from 'lit-html'
import { ask } from '../ask.js'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { searchBox } from '../search/searchBox.js'
import { section } from '../section.js'
import { addressOf, go, state } from '../state.js'

/** The explorer: a search, and what is known of one territory. */
export function page() {
  const id = state.one('t') ?? 'nation:FR'
  const asked = ask('territory', { id })
  const title = asked.state === 'answered' ? (asked.data.territory?.name ?? null) : null
  return {
    title,
    body: html`${searchBox({ id: 'search', onChoose: (t) => go(addressOf({ t }, '/')) })}
      <h1>${title ?? id}</h1>
      ${section(
        { id: 'population', title: 'Population', asked, foot: same('territory', { id }, 'Population') },
        ({ data, errors }) =>
          figure(data.territory?.population, {
            id,
            measure: 'population-municipale',
            label: 'Population',
            errors,
            path: ['territory', 'population'],
          }),
      )}`,
  }
}
