import { html, nothing } from 'lit-html'
import { forgetTrouble } from './ask.js'
import { redraw } from './draw.js'
import { words } from './words/words.js'

/** @import { Reply } from './answers.d.ts' */

/**
 * A part of a page that shows the answer to one question: its title, what is shown of the answer, and how it stands with the asking
 * until then.
 * @template T
 * @param {{ id: string, title: unknown, asked: Reply<T>, lead?: unknown, foot?: unknown }} parts
 * @param {(answered: Extract<Reply<T>, { state: 'answered' }>) => unknown} body
 */
export function section({ id, title, asked, lead = nothing, foot = nothing }, body) {
  return html`<section id=${id} aria-labelledby="${id}-title" aria-busy=${asked.state === 'loading'}>
    <h2 id="${id}-title">${title}</h2>
    ${lead} ${asked.state === 'answered' ? [partly(asked), body(asked)] : waiting(asked)} ${foot}
  </section>`
}

/** What stands where there is no answer yet, or none. @param {Reply<any>} asked */
export function waiting(asked) {
  const w = words()
  if (asked.state === 'loading') return html`<p class="soft loading">${w.loading}</p>`
  if (asked.state === 'answered') return nothing
  const { code, detail } = asked.problem
  return html`<div class="trouble" role="alert">
    <p><strong>${code === 'UNREACHABLE' ? w.unreachable : w.failed}</strong></p>
    <p lang="en"><code>${code}</code> ${detail}</p>
    <button type="button" @click=${again}>${w.retry}</button>
  </div>`
}

/** Errors that are answers: the page says them where they belong. */
const ANSWERS = new Set(['NOT_APPLICABLE', 'UNSUPPORTED_BREAKDOWN'])
/** Errors of an owner that does not answer, or cannot read. */
const DOWN = new Set(['SUBGRAPH_UNAVAILABLE', 'DATABASE_UNREACHABLE'])

/** Says that a part of an answer is missing. @param {Reply<any>} asked */
function partly(asked) {
  const errors =
    asked.state === 'answered' ? asked.errors.filter(({ extensions }) => !ANSWERS.has(extensions?.code ?? '')) : []
  if (errors.length === 0) return nothing
  const w = words()
  return html`<div class="trouble" role="alert">
    <p>
      <strong>${errors.some(({ extensions }) => DOWN.has(extensions?.code ?? '')) ? w.partlyDown : w.partly}</strong>
    </p>
    ${errors.slice(0, 3).map(({ message }) => html`<p lang="en">${message}</p>`)}
    <button type="button" @click=${again}>${w.retry}</button>
  </div>`
}

function again() {
  forgetTrouble()
  redraw()
}
