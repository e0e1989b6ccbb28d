import { html, nothing } from 'lit-html'
import { simulatedMark } from '../figure/figure.js'
import { curlLine } from '../figure/same.js'
import { moment, number } from '../numbers.js'
import { section } from '../section.js'
import { state } from '../state.js'
import { named, words } from '../words/words.js'
import { freshnessBadge, refusal } from './datasets.js'
import { askService, askServiceAgain } from './service.js'

/** @typedef {import('./service.js').Service} Service */

/** Whether all that answers does, and since when which data is served. */
export function status() {
  const w = words().sources.status
  return section(
    {
      id: 'service',
      title: w.title,
      asked: askService(),
      foot: html`<p class="same">
        <span>${words().sameIn}</span>
        <a href=${state.language === 'en' ? '/status?lang=en' : '/status'}>${w.page}</a>
        ${curlLine(`curl -H 'accept: application/json' '${new URL('/status', location.origin).href}'`, w.title)}
      </p>`,
    },
    ({ data }) =>
      html`<p class="overall">
          <span class="badge" data-tone=${TONES[data.status]}>${named(w.words, data.status)}</span>
          ${named(w.means, data.status)}
        </p>
        ${
          data.data.problem
            ? html`<div class="trouble">
                <p lang="en"><code>${data.data.problem.code}</code> ${data.data.problem.message}</p>
              </div>`
            : nothing
        }
        <dl class="facts">
          <div>
            <dt>${words().dataVersion}</dt>
            <dd>${data.data.version === null ? words().none : html`<code>${data.data.version}</code>`}</dd>
          </div>
          <div>
            <dt>${w.since}</dt>
            <dd>${time(data.data.servedSince)}</dd>
          </div>
        </dl>
        <p><button type="button" @click=${askServiceAgain}>${w.again}</button></p>
        ${owners(data)} ${datasets(data)}`,
  )
}

/** @type {Readonly<Record<Service['status'], string>>} */
const TONES = { ok: 'good', silent: 'fair', quarantine: 'fair', stale: 'bad', degraded: 'bad', starting: 'fair' }

/** @type {Readonly<Record<string, string>>} */
const OWNER_TONES = { up: 'good', down: 'bad', unknown: 'soft' }

/** @param {string} iso */
const time = (iso) => html`<time datetime=${iso}>${moment(iso)}</time>`

/** @param {Service} service */
function owners({ owners }) {
  const w = words().sources.status
  return html`<h3 id="service-owners">${w.owners}</h3>
    <table class="cards" aria-labelledby="service-owners">
      <caption>
        ${w.ownersCaption}
      </caption>
      <thead>
        <tr>
          ${[w.owner, w.state, w.lastAnswer, w.lastError].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${owners.map(
          ({ name, state, lastAnswerAt, lastError, failures }) =>
            html`<tr>
              <th scope="row">${named(words().owners, name)}</th>
              <td data-label=${w.state}>
                <span class="badge" data-tone=${OWNER_TONES[state]}>${named(w.states, state)}</span>
              </td>
              <td data-label=${w.lastAnswer}>${lastAnswerAt === null ? words().none : time(lastAnswerAt)}</td>
              <td data-label=${w.lastError}>
                ${lastError === null ? words().none : html`<code title=${lastError.message}>${lastError.reason}</code> ${time(lastError.at)}`}
                ${failures > 0 ? html`<span class="small soft">${w.failures(number(failures))}</span>` : nothing}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

/** @param {Service} service */
function datasets({ datasets }) {
  const w = words().sources.status
  if (datasets === null) return html`<p class="trouble">${w.noDatasets}</p>`
  return html`<h3 id="service-datasets">${words().sources.tabs.datasets}</h3>
    <table class="cards" aria-labelledby="service-datasets">
      <thead>
        <tr>
          ${[
            words().figure.dataset,
            words().figure.version,
            words().figure.retrieved,
            words().sources.datasets.freshness,
          ].map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${datasets.map(
          ({ id, version, lastUpdate, freshness, simulated, quarantine }) =>
            html`<tr>
              <th scope="row"><code>${id}</code> ${simulated ? simulatedMark() : nothing}${quarantine.map(refusal)}</th>
              <td data-label=${words().figure.version}>
                ${version === 'none' ? words().none : html`<code>${version}</code>`}
              </td>
              <td data-label=${words().figure.retrieved}>${lastUpdate === null ? words().none : time(lastUpdate)}</td>
              <td data-label=${words().sources.datasets.freshness}>${freshnessBadge(freshness)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}
