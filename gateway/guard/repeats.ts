import type { DocumentNode, SelectionSetNode } from 'graphql'
import { fragmentsOf } from '../engine/shape.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/**
 * Bounds the fields asked again where they are already asked. The answer gives them once, but validation compares each
 * with each. Under another type a field is another
 * field. Stands behind the limits on cycles and selections, since it walks what spreads stand for.
 * @throws StratesError TOO_MANY_REPEATS.
 */
export function guardRepeats(document: DocumentNode, { repeats: limit }: Limits): void {
  const fragments = fragmentsOf(document)
  const roots = document.definitions.flatMap((definition) => ('selectionSet' in definition ? [definition] : []))
  const found = Math.max(0, ...roots.map(({ selectionSet }) => countAt([selectionSet])))
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_REPEATS',
    what: 'The operation asks for the same fields again and again',
    limit,
    found,
    unit: 'fields asked again',
    remedy: 'Ask for each field once: an answer gives it once.',
  })

  /** The repeats at one place of the answer, and below it. */
  function countAt(sets: readonly SelectionSetNode[]): number {
    const fields = new Map<string, { times: number; sets: SelectionSetNode[] }>()
    const spread = new Set<string>()
    for (const set of sets) collect(set, '')
    let count = 0
    for (const { times, sets } of fields.values()) count += times - 1 + (sets.length > 0 ? countAt(sets) : 0)
    return count

    function collect({ selections }: SelectionSetNode, type: string): void {
      for (const node of selections) {
        if (node.kind === 'InlineFragment') collect(node.selectionSet, node.typeCondition?.name.value ?? type)
        else if (node.kind === 'FragmentSpread') collectSpread(node.name.value)
        else {
          const key = `${type} ${(node.alias ?? node.name).value}`
          const known = fields.get(key)
          const field = known ?? { times: 0, sets: [] }
          if (!known) fields.set(key, field)
          field.times += 1
          if (node.selectionSet) field.sets.push(node.selectionSet)
        }
      }
    }

    function collectSpread(name: string): void {
      const fragment = fragments.get(name)
      if (!fragment || spread.has(name)) return
      spread.add(name)
      collect(fragment.selectionSet, fragment.typeCondition.name.value)
    }
  }
}
