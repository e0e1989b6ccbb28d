import { html } from 'lit-html'
import { ask } from '../ask.js'
import { nameOf } from '../figure/provenance.js'
import { change, state } from '../state.js'
import { words } from '../words/words.js'

/** What is compared unless the address says otherwise: a count, and the two ratios in which sizes do not matter. */
const USUAL = ['pupils-primary', 'pupils-per-class-primary', 'pupils-primary-per-1000-inhabitants']

/** The geographies on which series can be asked beside that of today, the newest first. */
const GEOGRAPHIES = [2025, 2024, 2023, 2022, 2021, 2020, 2019]

/** The measures that are shown, in the order of the address. */
export function measuresShown() {
  const asked = [...new Set(state.all('measure'))]
  return asked.length === 0 ? USUAL : asked
}

/** What the schema says of a measure; undefined until it is there. @param {string} id */
export const measureOf = (id) => measures().find((one) => one.id === id)

function measures() {
  const asked = ask('measures', {})
  return asked.state === 'answered' ? (asked.data.measures ?? []) : []
}

/** What a reader may choose: the measures, the scale, the years, the geography. */
export function controls() {
  const w = words()
  const shown = measuresShown()
  const isIndex = state.one('scale') === 'index'
  const years = [...new Set(shown.flatMap((id) => measureOf(id)?.periods ?? []))].toSorted((one, other) => one - other)
  return html`<div class="controls">
    <fieldset>
      <legend>${w.compare.scale}</legend>
      ${[
        { value: null, label: w.compare.absolute, isChosen: !isIndex },
        { value: 'index', label: w.compare.index, isChosen: isIndex },
      ].map(
        ({ value, label, isChosen }) =>
          html`<label class="choice"
            ><input
              type="radio"
              name="scale"
              .checked=${isChosen}
              @change=${() => change({ scale: value })}
            />${label}</label
          >`,
      )}
    </fieldset>
    ${yearChoice('from', w.compare.from, years)} ${yearChoice('to', w.compare.to, years)}
    ${select('geography', w.territory.geography, w.territory.geographyNow, GEOGRAPHIES, w.territory.geographyOf)}
    <details class="measures">
      <summary>${w.compare.measures} (${shown.length})</summary>
      <fieldset>
        <legend class="hidden">${w.compare.measures}</legend>
        ${measures().map((measure) => measureChoice(measure, shown))}
      </fieldset>
    </details>
  </div>`
}

/** @param {ReturnType<typeof measures>[number]} measure @param {readonly string[]} shown */
function measureChoice(measure, shown) {
  const isShown = shown.includes(measure.id)
  const next = isShown ? shown.filter((one) => one !== measure.id) : [...shown, measure.id]
  return html`<label class="choice"
    ><input
      type="checkbox"
      .checked=${isShown}
      ?disabled=${isShown && shown.length === 1}
      @change=${() => change({ measure: next })}
    />${nameOf(measure)}</label
  >`
}

/** @param {'from' | 'to'} name @param {string} label @param {readonly number[]} years */
const yearChoice = (name, label, years) => select(name, label, words().compare.ends, years, String)

/**
 * A choice of years, one of which the address may name.
 * @param {string} name of the parameter @param {string} label @param {string} none what stands for no choice
 * @param {readonly number[]} years @param {(year: number) => string} said
 */
function select(name, label, none, years, said) {
  const chosen = state.year(name)
  const all = chosen === null || years.includes(chosen) ? years : [chosen, ...years]
  return html`<label
    >${label}
    <select
      @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
        change({ [name]: currentTarget.value || null })}
    >
      <option value="" .selected=${chosen === null}>${none}</option>
      ${all.map((year) => html`<option value=${year} .selected=${chosen === year}>${said(year)}</option>`)}
    </select></label
  >`
}
