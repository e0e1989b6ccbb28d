/**
 * Shares a value out: a whole number into whole numbers by the largest remainder, so that the parts add up to it to the
 * unit; any other number in proportion.
 * @param shares not negative; their sum is 1.
 */
export function apportion(value: number, shares: readonly number[]): readonly number[] {
  if (!Number.isInteger(value)) return proportion(value, shares)
  const exact = shares.map((share) => Math.abs(value) * share)
  const parts = exact.map(Math.floor)
  const left = Math.abs(value) - parts.reduce((sum, part) => sum + part, 0)
  const byRemainder = exact
    .map((part, position) => ({ position, remainder: part - Math.floor(part) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.position - b.position)
  for (const { position } of byRemainder.slice(0, left)) parts[position] = (parts[position] ?? 0) + 1
  return parts.map((part) => (value < 0 ? -part : part))
}

/** Shares any number out in proportion, without rounding: for sums that something is divided by afterwards. */
export const proportion = (value: number, shares: readonly number[]): readonly number[] =>
  shares.map((share) => value * share)
