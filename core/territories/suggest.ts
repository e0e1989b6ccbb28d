import { departementOfCommuneCode } from './code.ts'
import { NEVER } from './day.ts'
import type { CommuneName } from './movements.ts'
import type { StayIndex } from './stayIndex.ts'

const MOST = 5

/**
 * The codes nearest to one that never was: those that one slip of the pen makes of it, and the next one of its département; what
 * is valid now comes first, then the same département, then the smallest distance.
 */
export function suggestionsFor(index: StayIndex, code: string): readonly CommuneName[] {
  const departement = departementOfCommuneCode(code)
  const slipped = index.codes.filter((other) => isOneSlip(code, other))
  const neighbours = index.codes.filter((other) => departementOfCommuneCode(other) === departement)
  const nearest = nearestOf(code, neighbours.length === 0 ? index.codes : neighbours)
  const candidates = [...new Set([...slipped, nearest])].map((other) => ({
    code: other,
    ...newestName(index, other),
    isNear: departementOfCommuneCode(other) === departement,
  }))
  return candidates
    .toSorted(
      (left, right) =>
        Number(right.isCurrent) - Number(left.isCurrent) ||
        Number(right.isNear) - Number(left.isNear) ||
        distance(code, left.code) - distance(code, right.code),
    )
    .slice(0, MOST)
    .map(({ code: other, name }) => ({ code: other, name }))
}

/** Whether one character is another, or two neighbours changed places. */
function isOneSlip(code: string, other: string): boolean {
  let start = 0
  while (start < code.length && code[start] === other[start]) start += 1
  if (code.slice(start + 1) === other.slice(start + 1)) return true
  const isSwapped = code[start] === other[start + 1] && code[start + 1] === other[start]
  return isSwapped && code.slice(start + 2) === other.slice(start + 2)
}

const nearestOf = (code: string, codes: readonly string[]): string =>
  codes.reduce((nearest, other) => (distance(code, other) < distance(code, nearest) ? other : nearest))

/** How far apart two codes stand in the list; Corsica's letters count as the 0 of its old number. */
const distance = (code: string, other: string): number => Math.abs(numberOf(code) - numberOf(other))

const numberOf = (code: string): number => Number(code.replace(/[AB]/, '0'))

function newestName(index: StayIndex, code: string): { readonly name: string; readonly isCurrent: boolean } {
  const id = index.id(code) ?? -1
  const state = index.statesOf(id).at(-1)
  const stay = index.staysOfCode(id).at(-1)
  const asCommune = state === undefined ? undefined : index.state(state)
  const asPart = stay === undefined ? undefined : index.stay(stay)
  const isPart = asPart !== undefined && asPart.standing !== 'FORMER_COMMUNE' && asPart.until === NEVER
  return {
    name: asCommune?.name ?? asPart?.name ?? '',
    isCurrent: asCommune?.until === NEVER || isPart,
  }
}
