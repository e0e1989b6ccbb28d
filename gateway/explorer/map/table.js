import { html, nothing } from 'lit-html'
import { figure } from '../figure/figure.js'
import { nameOf, unitNameOf } from '../figure/provenance.js'
import { number, ordinal, percent } from '../numbers.js'
import { addressOf, state } from '../state.js'
import { words } from '../words/words.js'

/**
 * @import { Member } from './members.js'
 * @import { View } from './page.js'
 */

/** How many rows are shown at first, and from how many on there are more to show. */
const SHOWN = 50
const MANY = 120

/** Who has no value stands last, whichever way. @type {Readonly<Record<string, (member: Member) => number | string | null>>} */
const KEYS = {
  name: ({ territory }) => territory.name,
  value: ({ observation }) => observation.value,
  rank: ({ rank }) => rank,
  coverage: ({ observation }) => observation.coverage?.share ?? null,
}

/**
 * The members in an order: `name`, `value`, `rank` or `coverage`; `-` before it for the other way round. Those without one stand last.
 * @param {readonly Member[]} members @param {string} sort @param {string} locale
 */
export function sortedBy(members, sort, locale) {
  const isReversed = sort.startsWith('-')
  const keyOf = KEYS[isReversed ? sort.slice(1) : sort] ?? (({ rank }) => rank)
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const way = isReversed ? -1 : 1
  return members.toSorted((left, right) => {
    const [one, other] = [keyOf(left), keyOf(right)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return way * (typeof one === 'string' ? compare(one, `${other}`) : one - Number(other))
  })
}

/** @type {{ members: readonly Member[], key: string, sorted: readonly Member[] } | undefined} */
let last

/** @param {readonly Member[]} members @param {string} sort */
function sortedOnce(members, sort) {
  const { locale } = words()
  const key = `${sort} ${locale}`
  if (last?.members !== members || last.key !== key) last = { members, key, sorted: sortedBy(members, sort, locale) }
  return last.sorted
}

/** All members as a table, in an order that the address names. @param {View} view */
export function table({ question, members, title }) {
  const w = words()
  const { measure, sort, selected } = question
  const sorted = sortedOnce(members, sort)
  const hasMore = sorted.length > MANY
  const isWhole = !hasMore || state.one('rows') === 'all'
  const rows = isWhole ? sorted : sorted.slice(0, SHOWN)
  if (!measure) return nothing
  return html`<section id="members" aria-labelledby="members-title">
    <h2 id="members-title">${w.map.table}</h2>
    <table class="map-table">
      <caption class="hidden">
        ${title}
      </caption>
      <thead>
        <tr>
          ${heading('rank', w.map.position, sort, 'number')} ${heading('name', w.map.name, sort)}
          ${heading('value', unitNameOf(measure), sort, 'number', '-')}
          ${heading('coverage', w.map.covered, sort, 'number')}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ rank, territory: { id, name }, observation }) =>
            html`<tr class=${id === selected ? 'chosen' : nothing}>
              <td class="number soft">${rank === null ? w.none : ordinal(rank)}</td>
              <th scope="row">
                <a href=${addressOf({ s: id })} aria-current=${id === selected ? 'true' : nothing}>${name}</a>
              </th>
              <td class="number">
                ${figure(observation, { id, measure: measure.id, label: `${nameOf(measure)}, ${name}` })}
              </td>
              <td class="number soft">${observation.coverage ? percent(observation.coverage.share) : w.none}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      hasMore
        ? html`<p>
            <a href=${addressOf({ rows: isWhole ? null : 'all' })}
              >${isWhole ? w.map.fewRows : w.map.allRows(number(sorted.length))}</a
            >
          </p>`
        : nothing
    }
  </section>`
}

/** The head of a column, by which the rows can be put in order. @param {string} key @param {string} text @param {string} sort @param {string} [kind] @param {'' | '-'} [first] which way comes first */
function heading(key, text, sort, kind = '', first = '') {
  const isAscending = sort === key
  const isDescending = sort === `-${key}`
  const next = isAscending ? `-${key}` : isDescending ? key : `${first}${key}`
  return html`<th
    scope="col"
    class=${kind}
    aria-sort=${isAscending ? 'ascending' : isDescending ? 'descending' : nothing}
  >
    <a href=${addressOf({ sort: next })} title="${words().map.sorted} ${text}"
      >${text}<span aria-hidden="true">${isAscending ? ' ↑' : isDescending ? ' ↓' : ''}</span></a
    >
  </th>`
}
