import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { simulatedMark } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { day, number, spans } from '../numbers.js'
import { section, waiting } from '../section.js'
import { named, words } from '../words/words.js'
import { said } from './said.js'

/** @import { Answers } from '../answers.d.ts' */
/** @typedef {NonNullable<Answers['catalogue']['datasets']>[number]} Dataset */
/** @typedef {NonNullable<Answers['status']['datasets']>[number]} Held */

/** The catalogue: each dataset with its terms, how new it is, and what was refused. */
export function datasets() {
  const w = words().sources.datasets
  const catalogue = ask('catalogue', {})
  const status = ask('status', {})
  const held = new Map((status.state === 'answered' ? (status.data.datasets ?? []) : []).map((one) => [one.id, one]))
  return section(
    {
      id: 'datasets',
      title: w.title,
      asked: catalogue,
      lead: links(),
      foot: same('catalogue', {}, w.title),
    },
    ({ data }) => [
      status.state === 'failed' ? waiting(status) : nothing,
      held.size > 0 ? summary([...held.values()]) : nothing,
      html`<p class="soft small">${w.freshnessMeans}</p>`,
      same('status', {}, w.freshness),
      html`<div class="datasets">${(data.datasets ?? []).map((one) => card(one, held.get(one.id)))}</div>`,
    ],
  )
}

/** Where machines find the same. */
function links() {
  const w = words().sources.datasets
  return html`<p>${w.lead}</p>
    <ul class="plain links">
      <li><a href="/v1/catalog.jsonld">${w.catalog}</a></li>
      <li><a href="/v1/feeds/">${w.feeds}</a></li>
      <li><a href="/v1/feeds/versions.atom">${w.atom}</a></li>
    </ul>`
}

/** How many datasets stand how, in one line. @param {readonly Held[]} held */
function summary(held) {
  const counts = Map.groupBy(held, ({ freshness }) => `${freshness}`)
  const refused = held.filter(({ quarantine }) => quarantine.length > 0).length
  const { summaryOf, refusedOf } = words().sources.datasets
  return html`<p class="summary">
    ${summaryOf(number(held.length))}
    ${Object.keys(TONES)
      .filter((freshness) => counts.has(freshness))
      .map((freshness) => html` ${freshnessBadge(freshness, counts.get(freshness)?.length)}`)}
    ${refused > 0 ? html` <span class="badge" data-tone="bad">${refusedOf(refused)}</span>` : nothing}
  </p>`
}

/** The freshnesses in the order in which they are told, each with how good it is. @type {Readonly<Record<string, string>>} */
const TONES = { FRESH: 'good', LATE: 'fair', STALE: 'bad', NOT_HELD: 'soft', SIMULATED: 'fair' }

/** How new a dataset is, in a word. @param {string} freshness @param {number} [count] */
export const freshnessBadge = (freshness, count) =>
  html`<span class="badge" data-tone=${TONES[freshness] ?? 'soft'}
    >${named(words().freshness, freshness)}${count === undefined ? nothing : `${words().colon} ${number(count)}`}</span
  >`

/** @param {Dataset} dataset @param {Held | undefined} held */
function card(dataset, held) {
  const {
    id,
    title,
    description,
    owner,
    licence,
    attribution,
    sourceUrl,
    version,
    simulated,
    lastUpdate,
    nextExpected,
  } = dataset
  const w = words()
  const none = html`<span class="absent">${w.sources.datasets.noFile}</span>`
  /** @type {readonly (readonly [string, unknown])[]} */
  const rows = [
    [w.sources.owners.competent, said(owner.name)],
    [w.figure.producer, said(owner.producer)],
    [w.figure.publisher, said(owner.publisher)],
    [w.figure.licence, html`<a href=${licence.url} rel="noreferrer" lang="fr">${licence.title}</a>`],
    [w.sources.datasets.frequency, named(w.sources.datasets.frequencies, dataset.updateFrequency)],
    [w.sources.datasets.years, dataset.periods.length === 0 ? none : spans(dataset.periods)],
    [
      w.sources.datasets.lastUpdate,
      lastUpdate === null ? none : html`<time datetime=${lastUpdate}>${day(lastUpdate)}</time>`,
    ],
    ...(nextExpected
      ? [
          /** @type {const} */ ([
            isOverdue(held) ? w.sources.datasets.expectedSince : w.sources.datasets.nextExpected,
            html`<time datetime=${nextExpected}>${day(nextExpected)}</time>`,
          ]),
        ]
      : []),
    [w.figure.version, version === 'none' ? none : html`<code>${version}</code>`],
    [w.figure.attribution, html`<span lang="fr">${attribution}</span>`],
  ]
  return html`<article aria-labelledby="dataset-${id}">
    <h3 id="dataset-${id}" lang="fr">${title}</h3>
    <p class="marks">
      <code>${id}</code> ${held && !simulated ? freshnessBadge(held.freshness) : nothing}
      ${simulated ? simulatedMark() : nothing}
    </p>
    ${(held?.quarantine ?? []).map(refusal)}
    <p>${said(description)}</p>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p>
      <a href=${sourceUrl} rel="noreferrer">${w.figure.source}<span class="hidden">${w.colon} ${title}</span></a>
    </p>
  </article>`
}

/** Whether something newer was due. @param {Held | undefined} held */
const isOverdue = (held) => held?.freshness === 'LATE' || held?.freshness === 'STALE'

/** Why the newest file of a dataset was refused. @param {Held['quarantine'][number]} quarantine */
export function refusal({ code, message, since }) {
  return html`<div class="trouble">
    <p><strong>${words().sources.datasets.refused(day(since))}</strong></p>
    <p lang="en"><code>${code}</code> ${message}</p>
  </div>`
}
