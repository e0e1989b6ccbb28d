import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { redraw } from '../draw.js'
import { number } from '../numbers.js'
import { named, words } from '../words/words.js'

/**
 * What is typed, in which box, and which of the found is marked. Not in the address: only what is chosen is.
 * @type {{ box: string, text: string, marked: number, isSent: boolean }} `isSent`: Enter was pressed before the answer was there
 */
const typed = { box: '', text: '', marked: -1, isSent: false }

/**
 * A box in which one types a name or a code and chooses one of the territories found, by hand or by keyboard (a combobox of WAI-ARIA).
 * @param {{ id: string, label?: string, onChoose: (id: string) => void }} options
 */
export function searchBox({ id, label = words().search.label, onChoose }) {
  const w = words()
  const text = typed.box === id ? typed.text.trim() : ''
  const asked = text === '' ? undefined : ask('search', { text, first: 8 })
  const hits = asked?.state === 'answered' ? (asked.data.search ?? []) : shownBefore(id, asked)
  if (asked?.state === 'answered') before = { box: id, hits }
  const marked = Math.min(typed.box === id ? typed.marked : -1, hits.length - 1)

  /** @param {string} territory */
  function choose(territory) {
    Object.assign(typed, { box: '', text: '', marked: -1, isSent: false })
    const input = document.getElementById(id)
    if (input instanceof HTMLInputElement) input.value = ''
    onChoose(territory)
    redraw()
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && hits.length > 0) {
      event.preventDefault()
      typed.marked = marked < 0 && step < 0 ? hits.length - 1 : (marked + step + hits.length) % hits.length
      redraw()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // What is shown may be of the text before: only what is marked, or what this text found, can be meant.
      const hit = marked >= 0 ? hits[marked] : asked?.state === 'answered' ? hits[0] : undefined
      if (hit) choose(hit.territory.id)
      else if (asked?.state === 'loading') typed.isSent = true
    } else if (event.key === 'Escape' && text !== '') {
      event.preventDefault()
      const { currentTarget } = event
      if (currentTarget instanceof HTMLInputElement) currentTarget.value = ''
      Object.assign(typed, { text: '', marked: -1 })
      redraw()
    }
  }

  if (typed.isSent && typed.box === id && asked?.state === 'answered') {
    typed.isSent = false
    const [first] = hits
    if (first) queueMicrotask(() => choose(first.territory.id))
  }

  const isOpen = text !== '' && (hits.length > 0 || asked?.state !== 'loading')
  return html`<div class="search" role="search">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      type="text"
      role="combobox"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      placeholder=${w.search.hint}
      aria-expanded=${isOpen && hits.length > 0 ? 'true' : 'false'}
      aria-controls="${id}-hits"
      aria-autocomplete="list"
      aria-activedescendant=${marked >= 0 ? `${id}-${marked}` : nothing}
      @input=${(/** @type {InputEvent & { currentTarget: HTMLInputElement }} */ event) => {
        Object.assign(typed, { box: id, text: event.currentTarget.value, marked: -1, isSent: false })
        redraw()
      }}
      @keydown=${onKey}
      @blur=${() => setTimeout(close, 200, id)}
    />
    <ul id="${id}-hits" role="listbox" aria-label=${label} ?hidden=${!isOpen || hits.length === 0}>
      ${hits.map(
        (hit, index) =>
          html`<li
            id="${id}-${index}"
            role="option"
            aria-selected=${index === marked ? 'true' : 'false'}
            @mousedown=${(/** @type {Event} */ event) => event.preventDefault()}
            @click=${() => choose(hit.territory.id)}
          >
            <span class="tier" data-tier=${hit.territory.tier}>${named(w.tiers, hit.territory.tier)}</span>
            <span class="name">${hit.label}</span>
            <span class="soft"
              >${hit.resolvedFrom ? w.search.formerly(hit.resolvedFrom.name) : nothing}
              ${hit.population.value === null ? nothing : `${number(hit.population.value)} ${named(w.units, 'inhabitants')}`}</span
            >
          </li>`,
      )}
    </ul>
    <p role="status" class=${isOpen && hits.length === 0 ? 'none' : 'hidden'}>
      ${
        text === '' || asked?.state === 'loading'
          ? nothing
          : asked?.state === 'failed'
            ? asked.problem.code === 'UNREACHABLE'
              ? w.unreachable
              : w.failed
            : hits.length === 0
              ? w.search.none
              : w.search.found(hits.length)
      }
    </p>
  </div>`
}

/**
 * What was found for the text before, which stays while the next is asked.
 * @import { Answers } from '../answers.d.ts'
 * @type {{ box: string, hits: NonNullable<Answers['search']['search']> }}
 */
let before = { box: '', hits: [] }

/** @param {string} id @param {{ state: string } | undefined} asked */
const shownBefore = (id, asked) => (asked?.state === 'loading' && before.box === id ? before.hits : [])

/** @param {string} id */
function close(id) {
  if (typed.box !== id || document.activeElement?.id === id) return
  Object.assign(typed, { text: '', marked: -1 })
  redraw()
}
