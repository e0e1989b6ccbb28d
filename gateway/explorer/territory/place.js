import { html, nothing } from 'lit-html'
import { errorAt } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { section } from '../section.js'
import { addressOf } from '../state.js'
import { named, words } from '../words/words.js'

/**
 * @import { TerritoryQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { AnswerError, Asked } from '../answers.d.ts'
 * @typedef {NonNullable<TerritoryQuery['territory']>} Territory
 * @typedef {{ tier: string, id: string, name: string, note?: unknown, isHere?: boolean }} Stratum
 */

/** The strata in which a territory lies, from the nation down to it. @param {Asked<'territory'>} asked */
export function place(asked) {
  const w = words()
  const id = asked.state === 'answered' ? asked.data.territory?.id : undefined
  return section(
    { id: 'where', title: w.territory.where, asked, foot: id ? same('territory', { id }, w.territory.where) : nothing },
    ({ data, errors }) =>
      html`<ol class="strata">
        ${data.territory ? strataOf(data.territory, errors).map(stratum) : nothing}
      </ol>`,
  )
}

/** @param {Stratum} one */
const stratum = ({ tier, id, name, note = nothing, isHere = false }) =>
  html`<li class="tier" data-tier=${tier}>
    <span class="soft">${named(words().tiers, tier)}</span>
    ${isHere ? html`<strong aria-current="true">${name}</strong>` : id === '' ? name : html`<a href=${addressOf({ t: id })}>${name}</a>`}
    ${note}
  </li>`

/** @param {Territory} territory @param {readonly AnswerError[]} errors @returns {readonly Stratum[]} */
function strataOf(territory, errors) {
  const here = { ...territory, isHere: true }
  const nation = { tier: 'NATION', id: 'nation:FR', name: 'France' }
  if (territory.tier === 'NATION') return [here]
  if ('byDepartement' in territory) return [nation, ...aroundEpci(territory), here]
  const region = 'region' in territory && territory.region ? [{ tier: 'REGION', ...territory.region }] : []
  const departement =
    'departement' in territory && territory.departement ? [{ tier: 'DEPARTEMENT', ...territory.departement }] : []
  const epci = 'epci' in territory ? [territory.epci ? { tier: 'EPCI', ...territory.epci } : withoutEpci(errors)] : []
  return [nation, ...region, ...departement, ...epci, here]
}

/** The régions and départements that an EPCI reaches into, and its part in each where there are several. @param {Extract<Territory, { byDepartement: unknown }>} epci */
function aroundEpci({ regions, byDepartement }) {
  const w = words()
  const parts = (byDepartement ?? []).filter(({ departement }) => departement !== null)
  return [
    ...(regions ?? []).flatMap((region) => (region ? [{ tier: 'REGION', ...region }] : [])),
    ...parts.map(({ departement, part }) => ({
      tier: 'DEPARTEMENT',
      id: departement?.id ?? '',
      name: departement?.name ?? '',
      note:
        parts.length > 1 && part
          ? html` <span class="soft"
              >· <a href=${addressOf({ t: part.id })} title=${part.name}>${w.territory.part}</a></span
            >`
          : nothing,
    })),
  ]
}

/** What stands where there is no EPCI: the exception, or that its owner does not answer. @param {readonly AnswerError[]} errors */
function withoutEpci(errors) {
  const w = words()
  const error = errorAt(errors, ['territory', 'epci'])
  const isException = error?.extensions?.code === 'NOT_APPLICABLE'
  return {
    tier: 'EPCI',
    id: '',
    name: isException ? w.territory.noEpci : w.ownerDown(w.owners.epci),
    note: isException
      ? html`<br /><small class="soft" lang="en">${error.extensions?.reason ?? error.message}</small>`
      : nothing,
  }
}
