/**
 * @import { AnswerError, Asked, Observation } from '../answers.d.ts'
 * @import { TerritorySeries } from './series.js'
 */

/** The codes of errors that say of a territory that there is none: asking again changes nothing. */
const NONE_SUCH = new Set(['UNKNOWN_TERRITORY', 'INVALID_CODE'])

/** @param {number} index */
const colorOf = (index) => `series-${index + 1}`

/**
 * The territories that were asked for, in their order, with what any of the answers says of them.
 * @param {readonly string[]} ids @param {readonly { asked: Asked<'comparison'> }[]} questions
 */
export function territoriesOf(ids, questions) {
  const answers = questions.flatMap(({ asked }) => (asked.state === 'answered' ? [asked] : []))
  return ids.map((id, index) => {
    const found = answers.map(({ data }) => data.territories?.[index]).find((one) => one)
    const error = answers.flatMap(({ errors }) => errors.filter((one) => isNoneSuch(one, index)))[0]
    return { id, name: found?.name ?? null, tier: found?.tier ?? null, color: colorOf(index), error: error ?? null }
  })
}

/** The series of an answer, one for each territory that there is. @param {Asked<'comparison'>} asked @returns {readonly (TerritorySeries & { place: number })[]} */
export function seriesOf(asked) {
  if (asked.state !== 'answered') return []
  return (asked.data.territories ?? []).flatMap((territory, place) => {
    if (!territory) return []
    const { id, name, tier, observations } = territory
    const points = (observations ?? []).map((cell, row) => {
      const observation = /** @type {Observation | null} */ (cell && 'observation' in cell ? cell.observation : null)
      return {
        period: Number(cell?.period),
        value: observation?.value ?? null,
        status: observation?.status ?? 'SOURCE_UNAVAILABLE',
        observation,
        path: ['territories', place, 'observations', row, 'observation'],
      }
    })
    return [{ id, name, tier, color: colorOf(place), points, place }]
  })
}

/** The answer without the errors that are said where the territories are chosen. @param {Asked<'comparison'>} asked @returns {Asked<'comparison'>} */
export function withoutNoneSuch(asked) {
  if (asked.state !== 'answered') return asked
  return { ...asked, errors: asked.errors.filter((error) => !isNoneSuch(error)) }
}

/** @param {AnswerError} error @param {number} [index] of the territory; any unless given */
const isNoneSuch = ({ path = [], extensions }, index) =>
  path[0] === 'territories' &&
  path.length === 2 &&
  (index === undefined || path[1] === index) &&
  NONE_SUCH.has(extensions?.code ?? '')
