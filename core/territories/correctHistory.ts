import { CREATED, PASSED_OVER, REDATED } from './facts.ts'
import type { HistoricalCommune } from './vintage.ts'

/** The history with the days and the states that cited facts put right. */
export const correctHistory = (history: readonly HistoricalCommune[]): readonly HistoricalCommune[] =>
  history.map(redated).map(begun).flatMap(completed)

function redated(state: HistoricalCommune): HistoricalCommune {
  const fact = REDATED.find(([, , codes]) => codes.includes(state.code))
  if (fact === undefined) return state
  const [told, day] = fact
  return {
    ...state,
    ...(state.dateDebut === told && { dateDebut: day }),
    ...(state.dateFin === told && { dateFin: day }),
  }
}

const CREATED_ON = new Map(CREATED.map(([code, , since]) => [code, since]))

/** A commune that was created later does not begin in 1943. */
function begun(state: HistoricalCommune): HistoricalCommune {
  const since = CREATED_ON.get(state.code)
  const isFirst = state.type === 'COM' && state.predecesseur === undefined && state.dateDebut === undefined
  return isFirst && since !== undefined ? { ...state, dateDebut: since } : state
}

/** A state that the history passes over stands between the one before and the one after. */
function completed(state: HistoricalCommune): readonly HistoricalCommune[] {
  const { code, type, dateFin, successeur } = state
  const fact =
    type === 'COM' ? PASSED_OVER.find(({ from, since }) => from === code && since < (dateFin ?? '')) : undefined
  if (fact === undefined || dateFin === undefined || successeur === undefined) return [state]
  const { to, since } = fact
  const id = `COM-${to}@${since}`
  return [
    { ...state, dateFin: since, successeur: id },
    { id, code: to, nom: state.nom, type, dateDebut: since, dateFin, predecesseur: state.id, successeur },
  ]
}
