import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner'
import type { Path } from './complete.ts'
import type { Item } from './merge.ts'
import type { IsA } from './subtypes.ts'

/** One step of the way from the root to entities. */
export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'type'; readonly names: readonly string[] }

/** Where an entity stands: a chain, so that a list of entities shares the way to it. Null is the root. */
export type Place = { readonly above: Place; readonly step: string | number } | null

/** Reads a path of a query plan. */
export function compilePath(path: readonly FlattenNodePathSegment[]): readonly PathStep[] {
  return path.map((step): PathStep => {
    if (step === '@') return { kind: 'list' }
    if ('Field' in step) return { kind: 'field', name: step.Field }
    return { kind: 'type', names: step.TypeCondition }
  })
}

/** Finds the objects at the end of a path, in the order of the answer. */
export function collectEntities(
  data: Item,
  steps: readonly PathStep[],
  isA: IsA,
  found: (entity: Item, place: Place) => void,
): void {
  walk(data, 0, null)

  function walk(value: unknown, at: number, place: Place): void {
    if (typeof value !== 'object' || value === null) return
    const step = steps[at]
    if (Array.isArray(value)) {
      const next = step?.kind === 'list' ? at + 1 : at
      for (let index = 0; index < value.length; index += 1) walk(value[index], next, { above: place, step: index })
      return
    }
    const object = value as Item
    if (step === undefined) found(object, place)
    else if (step.kind === 'field') walk(object[step.name], at + 1, { above: place, step: step.name })
    else if (step.kind === 'type' && isOf(object, step.names)) walk(object, at + 1, place)
  }

  /** Where the type was not asked for, the planner knows that it is one of these. */
  function isOf({ __typename: typeName }: Item, names: readonly string[]): boolean {
    return typeof typeName !== 'string' || isA(typeName, names)
  }
}

/** A place written out, as in the `path` of an error. */
export function pathOf(place: Place): Path {
  const path: (string | number)[] = []
  for (let one = place; one !== null; one = one.above) path.push(one.step)
  return path.toReversed()
}
