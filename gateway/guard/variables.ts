import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'
import { textTooLong } from './text.ts'

/**
 * Bounds what comes beside a document (variables, the name of the operation, extensions): number, nesting and length of the values. Variables that the operation does not
 * declare are ignored, as GraphQL says, but count. @throws StratesError VARIABLES_TOO_LARGE, TEXT_TOO_LONG.
 */
export function guardVariables(given: unknown, limits: Limits): void {
  let values = 0
  let deepest = 0
  const waiting: { value: unknown; depth: number }[] = [{ value: given, depth: -1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value === 'string' && value.length > limits.textLength)
      throw textTooLong(value.length, limits.textLength)
    if (typeof value !== 'object' || value === null) continue
    deepest = Math.max(deepest, depth)
    for (const [name, one] of Object.entries(value)) {
      values += 1
      if (name.length > limits.textLength) throw textTooLong(name.length, limits.textLength)
      waiting.push({ value: one, depth: depth + 1 })
    }
  }
  if (values > limits.variableValues) throw tooLarge('values', limits.variableValues, values)
  if (deepest > limits.variableDepth) throw tooLarge('levels', limits.variableDepth, deepest)
}

const tooLarge = (unit: string, limit: number, found: number) =>
  overLimit({
    code: 'VARIABLES_TOO_LARGE',
    what: 'The variables hold too much',
    limit,
    found,
    unit,
    remedy: 'Send shorter lists, in several requests.',
  })
