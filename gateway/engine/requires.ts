import type { RequiresSelection } from '@graphql-hive/router-query-planner'
import { merged, type Item } from './merge.ts'
import type { IsA } from './subtypes.ts'

/** Makes the representation of an entity; null where it has nothing to be known by. */
export type Represent = (entity: Item) => Item | null

/** Reads what a call requires of its entities. What is null or absent is left out of a representation. */
export function compileRequires(selections: readonly RequiresSelection[], isA: IsA): Represent {
  const write = writerOfAll(selections, isA)
  return (entity) => {
    const made: Item = {}
    write(entity, made)
    for (const key in made) if (key !== '__typename') return made
    return null
  }
}

type Write = (entity: Item, made: Item) => void

function writerOfAll(selections: readonly RequiresSelection[], isA: IsA): Write {
  const writers = selections.flatMap((selection) => writerOf(selection, isA) ?? [])
  return (entity, made) => {
    for (const write of writers) write(entity, made)
  }
}

function writerOf(selection: RequiresSelection, isA: IsA): Write | undefined {
  switch (selection.kind) {
    case 'Field': {
      const { name, alias = name, selections } = selection
      const represent = selections && compileRequires(selections, isA)
      return (entity, made) => {
        const value = entity[name] === undefined ? entity[alias] : entity[name]
        const projected = represent ? projectAll(value, represent) : value
        if (projected != null) made[alias] = merged(made[alias], projected)
      }
    }
    case 'InlineFragment': {
      const write = writerOfAll(selection.selections, isA)
      const conditions = [selection.typeCondition]
      return (entity, made) => {
        if (isA(entity['__typename'], conditions)) write(entity, made)
      }
    }
    default:
      return undefined
  }
}

function projectAll(value: unknown, represent: Represent): unknown {
  if (Array.isArray(value)) return value.map((item) => projectAll(item, represent))
  return typeof value === 'object' && value !== null ? represent(value as Item) : value
}
