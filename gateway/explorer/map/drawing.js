import { html, nothing, svg } from 'lit-html'
import { redraw } from '../draw.js'
import { number } from '../numbers.js'
import { addressOf, change, go } from '../state.js'
import { named, words } from '../words/words.js'
import { coverageOf, factsOf, lineOf, rankIn } from './describe.js'
import { hatches } from './hatches.js'
import { isArrow, neighbourOf } from './neighbours.js'
import { tiersWithin } from './question.js'

/**
 * @import { Area } from './layout.js'
 * @import { Ground } from './boundaries.js'
 * @import { Member } from './members.js'
 * @import { View } from './page.js'
 */

/**
 * The area under the pointer or the focus, and the one that the focus enters by. Not in the address: only what is chosen is.
 * @type {{ pointed: string | null, focused: string | null, entry: string | null }}
 */
const now = { pointed: null, focused: null, entry: null }

/** The map, and a line that says what is pointed at; nothing where there is nothing to draw with. @param {View} view @param {Ground} ground */
export function drawing(view, { drawing: drawn }) {
  if (!drawn) return nothing
  const w = words()
  const { question, members, title } = view
  const memberOf = new Map(members.map((member) => [member.territory.id, member]))
  const areas = drawn.areas.filter(({ isCopy }) => !isCopy)
  const entry =
    areas.find(({ key }) => key === now.entry) ??
    areas.find(({ ids }) => question.selected !== null && ids.includes(question.selected)) ??
    areas[0]
  const ringed = drawn.areas.filter(({ key }) => key === (now.pointed ?? now.focused))
  const chosen = drawn.areas.filter(({ ids }) => question.selected !== null && ids.includes(question.selected))

  /** The area of an event. @param {Event} event */
  function areaOf({ target }) {
    const key = target instanceof Element ? target.closest('[data-area]')?.getAttribute('data-area') : null
    return drawn?.areas.find((area) => area.key === key)
  }

  /** @param {KeyboardEvent & { currentTarget: SVGElement }} event */
  function onKey(event) {
    const { key, currentTarget } = event
    const area = areaOf(event)
    const [id] = area?.ids ?? []
    if (!area || !id || event.metaKey || event.ctrlKey || event.altKey) return
    const next = isArrow(key) ? neighbourOf(areas, area, key) : { Home: areas[0], End: areas.at(-1) }[key]
    if (isArrow(key) || next) {
      event.preventDefault()
      if (next) focusOn(currentTarget, next.key)
    } else if (key === 'Enter') {
      event.preventDefault()
      go(addressOf({ t: id }, '/'))
    } else if (key === ' ') {
      event.preventDefault()
      change({ s: id })
    } else if (key.toLowerCase() === 'm' && tiersWithin(id).length > 0) {
      event.preventDefault()
      change({ t: id, tier: null, s: null })
    }
  }

  /** @param {Event} event */
  function onClick(event) {
    const [id] = areaOf(event)?.ids ?? []
    if (id) change({ s: id })
  }

  // Of an SVG with a listener of focus Chromium makes a stop of its own: the figure listens.
  return html`<figure
    class="map"
    @focusin=${(/** @type {Event} */ event) => see({ focused: areaOf(event)?.key ?? null, entry: areaOf(event)?.key ?? now.entry })}
    @focusout=${() => see({ focused: null })}
  >
    <p class="told" aria-hidden="true">${told(view, ringed[0] ?? chosen[0], memberOf)}</p>
    <svg
      class="map"
      viewBox="0 0 ${drawn.width} ${drawn.height}"
      role="group"
      aria-label=${title}
      aria-describedby="map-description map-keys"
      @click=${onClick}
      @keydown=${onKey}
      @pointerover=${(/** @type {Event} */ event) => see({ pointed: areaOf(event)?.key ?? null })}
      @pointerleave=${() => see({ pointed: null })}
    >
      ${hatches()}
      ${drawn.frames.map(
        ({ key, x, y, width, height }) =>
          svg`<g class="frame" aria-hidden="true"><rect x=${x + 0.5} y=${y + 0.5} width=${width - 1} height=${height - 1} rx="4" /><text class="whole" x=${x + 6} y=${y + 14}>${named(w.map.frames, key)}</text><text class="brief" x=${x + 5} y=${y + 15}>${named(w.map.briefFrames, key)}</text></g>`,
      )}
      ${drawn.areas.map((area) => shape(view, area, memberOf, area.key === entry?.key))}
      ${drawn.areas.map((area) => marks(view, area, memberOf))}
      ${chosen.map(({ d }) => svg`<path class="halo" d=${d} /><path class="ring chosen" d=${d} />`)}
      ${ringed.map(({ d }) => svg`<path class="halo" d=${d} /><path class="ring" d=${d} />`)}
    </svg>
    <figcaption>
      <p id="map-description" class="hidden">${described(view)}</p>
      <p id="map-keys" class="soft small keys">
        ${w.map.keys} ${question.tier === 'COMMUNE' ? nothing : w.map.keyOfMap}
      </p>
    </figcaption>
  </figure>`
}

/** @param {Partial<typeof now>} change */
function see(change) {
  if (Object.entries(change).every(([name, value]) => now[/** @type {keyof typeof now} */ (name)] === value)) return
  Object.assign(now, change)
  redraw()
}

/** @param {SVGElement} map @param {string} key */
function focusOn(map, key) {
  const found = map.querySelector(`[data-area="${CSS.escape(key)}"][role]`)
  if (found instanceof SVGElement) found.focus()
}

/** @typedef {ReadonlyMap<string, Member>} MemberOf */

/** @param {View} view @param {Area} area @param {MemberOf} memberOf @param {boolean} isEntry whether the focus enters by it */
function shape({ question, legend }, { key, ids, d, isCopy }, memberOf, isEntry) {
  const members = ids.flatMap((id) => memberOf.get(id) ?? [])
  const { fill, shade } = ids.length > 1 ? SHARED : legend.entryOf(members[0]?.observation)
  if (isCopy)
    return svg`<path class="area" data-area=${key} data-shade=${shade} d=${d} fill=${fill} aria-hidden="true" />`
  const label = members.map((member) => lineOf(member, question)).join('\u202f; ')
  return svg`<path class="area" data-area=${key} data-shade=${shade} d=${d} fill=${fill} role="link" tabindex=${isEntry ? 0 : -1} aria-label=${label} aria-current=${ids.includes(question.selected ?? '') ? 'true' : nothing} />`
}

/** The look of a shape that several territories share: it has no value of its own. */
const SHARED = /** @type {const} */ ({ fill: 'url(#hatch-shared)', shade: 'none' })

/** Of the mark of a partial value, which never hides its area. */
const LARGEST_DOT = 1.9

/** What is written on an area: its letters, and a dot where contributors are missing. @param {View} view @param {Area} area @param {MemberOf} memberOf */
function marks({ question, legend }, { ids: [id = '', ...others], x, y, size, letters }, memberOf) {
  if (others.length > 0 || !Number.isFinite(x)) return nothing
  const observation = memberOf.get(id)?.observation
  const { shade } = legend.entryOf(observation)
  const isPartial = observation?.status === 'PARTIAL' && observation.value !== null && !question.isCoverage
  return [
    letters
      ? svg`<text class="letters" data-shade=${shade} x=${x} y=${y + 4} aria-hidden="true">${letters}</text>`
      : nothing,
    isPartial
      ? svg`<circle class="dot" data-shade=${shade} cx=${x} cy=${letters ? y + 12 : y} r=${Math.min(LARGEST_DOT, size / 6)} aria-hidden="true" />`
      : nothing,
  ]
}

/** What the line above the map says of an area. @param {View} view @param {Area | undefined} area @param {MemberOf} memberOf */
function told({ question, members }, area, memberOf) {
  const w = words()
  if (!area) return html`<span class="soft">${w.map.pointing}</span>`
  const ranked = members.filter(({ observation }) => observation.value !== null).length
  const shown = area.ids.flatMap((id) => memberOf.get(id) ?? [])
  return shown.map((member) => {
    const { territory, observation } = member
    const [value, ...others] = factsOf(observation, question)
    const coverage = !question.isCoverage && observation.coverage ? [coverageOf(observation.coverage)] : []
    const rank = question.isCoverage ? null : rankIn(member, ranked)
    return html`<span class="one"
      ><strong>${territory.name}</strong> <span class="value">${value}</span>
      <span class="soft">${[...others, ...(rank === null ? [] : [rank]), ...coverage].join(' · ')}</span></span
    >`
  })
}

/** The map in sentences: how many, from what to what, how many absent. @param {View} view */
function described({ question, members, legend }) {
  const w = words()
  const tiers = named(members.length === 1 ? w.tiers : w.tiersPlural, question.tier)
  const values = members.flatMap(({ observation }) => (observation.value === null ? [] : [observation.value]))
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  const count = number(members.length)
  return [
    values.length === 0 ? w.map.describeNone(count, tiers) : w.map.describe(count, tiers, number(least), number(most)),
    ...(values.length < members.length ? [w.map.describeAbsent(number(members.length - values.length))] : []),
    ...(legend.partial > 0 ? [w.map.describePartial(number(legend.partial))] : []),
  ].join(' ')
}
