import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { day, difference, differencePercent, number, percent } from '../numbers.js'
import { waiting } from '../section.js'
import { addressOf } from '../state.js'
import { named, words } from '../words/words.js'
import { badge, simulatedMark } from './figure.js'
import { said } from './said.js'
import { same } from './same.js'

/**
 * @import { FigureWholeFragment } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { Asked } from '../answers.d.ts'
 */

/** How many missing members are named at once. */
const NAMED = 50

/** The measures of enrolment, whose totals are held against published ones. */
const RECONCILED = /^(pupils|classes)-/

/**
 * All that is said of one figure. @param {string} asked which, as the address names it: `pupils-primary@2023@commune:35238`
 */
export function openFigure(asked) {
  const w = words()
  const [measure = '', period = '', ...rest] = asked.split('@')
  const id = rest.join('@')
  const variables = { id, measure, period: /^\d{4}$/.test(period) ? period : null, first: NAMED }
  const answer = ask('figure', variables)
  return html`<div class="sheet">
    <header>
      <h2 id="figure-title" tabindex="-1" autofocus>${w.figure.title}</h2>
      <form method="dialog"><button aria-label=${w.close}>✕</button></form>
    </header>
    ${answer.state === 'answered' ? told(answer, { id, measure, period }) : waiting(answer)}
    ${same('figure', variables, w.figure.title)}
  </div>`
}

/**
 * @param {Extract<Asked<'figure'>, { state: 'answered' }>} answer
 * @param {{ id: string, measure: string, period: string }} asked
 */
function told({ data, errors }, { id, measure, period }) {
  const w = words()
  const { territory } = data
  const cells = territory?.observations ?? []
  const cell = cells.at(-1)
  const observation = cell && 'observation' in cell ? cell.observation : null
  const troubles = errors
    .filter(({ path = [] }) => path.at(-1) !== 'missingMembers')
    .map(({ message }) => html`<p class="trouble" lang="en">${message}</p>`)
  if (!territory || !observation) return troubles
  return html`${troubles}
    <p class="headline">
      <span class="soft">${territory.name}${w.colon} ${titleOf(measure)}, ${observation.timePeriod}</span><br />
      <strong>${observation.value === null ? named(w.statuses, observation.status) : number(observation.value)}</strong>
      ${observation.value === null ? nothing : unitOf(measure, observation.unit)} ${badge(observation.status)}
      ${observation.simulated ? simulatedMark() : nothing}
    </p>
    <p>${named(w.statusMeans, observation.status)}</p>
    ${facts(observation)} ${notes(observation)} ${missing(observation, { id, measure })} ${inputs(observation)}
    ${alternatives(observation)} ${RECONCILED.test(measure) ? reconciliation(id, measure, period) : nothing}`
}

/** What is known of a measure; undefined until it is. @param {string} id */
function measureOf(id) {
  const measures = ask('measures', {})
  return measures.state === 'answered' ? measures.data.measures?.find((one) => one.id === id) : undefined
}

/** The name of a measure in the reader's language. @param {string} id */
export function titleOf(id) {
  const found = measureOf(id)
  return found ? nameOf(found) : id
}

/** The name of a measure in the reader's language, of what the schema says of it. @param {{ title: string, titleFr?: string }} measure */
export const nameOf = ({ title, titleFr }) => (words().locale === 'fr-FR' ? (titleFr ?? title) : title)

/** The unit of a measure in the reader's language. @param {string} id @param {string} unit */
function unitOf(id, unit) {
  const found = measureOf(id)
  return found ? unitNameOf(found) : named(words().units, unit)
}

/** @param {{ unit: string, unitFr?: string }} measure */
export const unitNameOf = ({ unit, unitFr }) =>
  words().locale === 'fr-FR' ? (unitFr ?? named(words().units, unit)) : unit

/** @param {FigureWholeFragment} observation */
function facts({ provenance, coverage, method, estimatedShare, timePeriod }) {
  const w = words()
  const { owner, licence } = provenance
  /** @type {readonly (readonly [string, unknown])[]} */
  const rows = [
    [w.figure.owner, html`<strong>${said(owner.name)}</strong>`],
    [w.figure.legalBasis, owner.legalBasis],
    [w.figure.producer, said(owner.producer)],
    [w.figure.publisher, said(owner.publisher)],
    [
      w.figure.dataset,
      html`${provenance.title}<br /><code>${provenance.datasetId}</code> ·
        <a href=${provenance.sourceUrl} rel="noreferrer">${w.figure.source}</a>`,
    ],
    [w.figure.version, html`<code>${provenance.datasetVersion}</code>`],
    [w.figure.licence, html`<a href=${licence.url} rel="noreferrer">${licence.title}</a>`],
    [w.figure.attribution, provenance.attribution],
    [w.figure.retrieved, html`<time datetime=${provenance.retrievedAt}>${day(provenance.retrievedAt)}</time>`],
    [w.figure.period, timePeriod],
    [w.figure.vintage, provenance.geographyVintage],
    [w.figure.method, named(w.methods, method)],
    [w.figure.rule, said(provenance.rule)],
    [w.figure.coverage, coverageOf(coverage)],
    ...(coverage && coverage.notLocated > 0
      ? [
          /** @type {const} */ ([
            w.figure.notLocated,
            `${number(coverage.notLocated)} (${number(coverage.notLocatedValue)})`,
          ]),
        ]
      : []),
    ...(estimatedShare > 0 ? [/** @type {const} */ ([w.figure.estimated, percent(estimatedShare)])] : []),
    [w.figure.snapshot, html`<code class="hash">${provenance.snapshot}</code>`],
  ]
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

/** @param {FigureWholeFragment['coverage']} coverage */
function coverageOf(coverage) {
  const w = words()
  if (!coverage) return w.figure.noCoverage
  const { expected, reported, share } = coverage
  return w.figure.coverageOf(number(reported), number(expected), percent(share))
}

/** @param {FigureWholeFragment} observation */
function notes({ notes }) {
  if (notes.length === 0) return nothing
  return html`<h3>${words().figure.notes}</h3>
    <ul>
      ${notes.map((note) => html`<li>${said(note)}</li>`)}
    </ul>`
}

/** @param {FigureWholeFragment} observation @param {{ id: string, measure: string }} asked */
function missing({ missingMembers, coverage, timePeriod }, { id, measure }) {
  const w = words()
  if (!coverage) return nothing
  const parts = measureOf(measure)?.parts ?? []
  if (missingMembers === null && parts.length > 0) {
    return html`<h3>${w.figure.missing}</h3>
      <p>${w.figure.missingInParts}</p>
      <ul>
        ${parts.map((part) => html`<li><a href=${addressOf({ figure: `${part}@${timePeriod}@${id}` })}>${titleOf(part)}</a></li>`)}
      </ul>`
  }
  const { totalCount = 0, nodes = [] } = missingMembers ?? {}
  const found = (nodes ?? []).filter((node) => node !== null)
  if (totalCount === 0)
    return html`<h3>${w.figure.missing}</h3>
      <p>${w.figure.noMissing}</p>`
  return html`<h3>
      ${w.figure.missing}
      <span class="soft">(${w.figure.missingOf(number(found.length), number(totalCount))})</span>
    </h3>
    <ul class="members">
      ${found.map(
        ({ kind, code, name, reason, placeId, placeName }) =>
          html`<li>
            ${name} <code>${code}</code>
            <span class="soft"
              >${named(w.missingKinds, kind)},
              ${named(w.missingReasons, reason)}${
                placeId !== id && placeName !== name
                  ? html`, <a href=${addressOf({ t: placeId }, '/')}>${placeName}</a>`
                  : nothing
              }</span
            >
          </li>`,
      )}
    </ul>`
}

/** @param {FigureWholeFragment} observation */
function inputs({ provenance }) {
  const w = words()
  if (provenance.inputs.length === 0) return nothing
  return html`<h3>${w.figure.inputs}</h3>
    <ul>
      ${provenance.inputs.map(
        ({ title, owner, datasetVersion, licence, attribution, retrievedAt }) =>
          html`<li>
            <strong>${said(owner.name)}</strong>${w.colon} ${title} <code>${datasetVersion}</code>, ${licence.title},
            ${attribution}, ${day(retrievedAt)}
          </li>`,
      )}
    </ul>`
}

/** @param {FigureWholeFragment} observation */
function alternatives({ alternatives }) {
  const w = words()
  if (alternatives.length === 0) return nothing
  return html`<h3>${w.figure.alternatives}</h3>
    <ul>
      ${alternatives.map(
        ({ value, status, provenance }) =>
          html`<li>${value === null ? named(w.statuses, status) : number(value)} · ${provenance.title}</li>`,
      )}
    </ul>`
}

/** The sum beside what is published for the same territory. @param {string} id @param {string} measure @param {string} period */
function reconciliation(id, measure, period) {
  const w = words()
  const answer = ask('territory-reconciliation', { id, schoolYear: period || null })
  const body = () => {
    if (answer.state !== 'answered') return waiting(answer)
    const all = answer.data.territory?.schoolEnrolment.reconciliations ?? []
    const own = all.filter((one) => one.measure === measure)
    if (own.length === 0) return html`<p>${w.figure.noReconciliation}</p>`
    return own.map(
      ({ sector, scope, computed, published, gap, gapRatio, verdict, explanation }) =>
        html`<p>
            <span class="badge" data-verdict=${verdict}>${named(w.verdicts, verdict)}</span>
            ${named(w.sectors, sector)}, ${scope}${w.colon} ${w.figure.computed}
            ${computed.value === null ? named(w.statuses, computed.status) : number(computed.value)},
            ${w.figure.published}
            ${published.value === null ? named(w.statuses, published.status) : number(published.value)}${
              gap === null
                ? nothing
                : html`, ${w.figure.gap}
                  ${difference(gap)}${gapRatio === null ? nothing : ` (${differencePercent(gapRatio)})`}`
            }
          </p>
          <p class="soft" lang="en">${explanation}</p>`,
    )
  }
  return html`<h3>${w.figure.reconciliation}</h3>
    ${body()}`
}
