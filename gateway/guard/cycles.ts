import { visit, type DocumentNode, type FragmentDefinitionNode } from 'graphql'
import { StratesError } from '../../core/observations/error.ts'
import { fragmentsOf } from '../engine/shape.ts'

/** Refuses fragments that hold themselves: written out, they have no end. @throws StratesError FRAGMENT_CYCLE. */
export function guardCycles(document: DocumentNode): void {
  const fragments = fragmentsOf(document)
  const done = new Set<string>()
  for (const name of fragments.keys()) follow(name, [])

  function follow(name: string, way: readonly string[]): void {
    const start = way.indexOf(name)
    if (start >= 0) throw cycle([...way.slice(start), name])
    const fragment = fragments.get(name)
    if (!fragment || done.has(name)) return
    for (const next of spreadsOf(fragment)) follow(next, [...way, name])
    done.add(name)
  }
}

function spreadsOf(fragment: FragmentDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>()
  visit(fragment, { FragmentSpread: ({ name }) => void names.add(name.value) })
  return names
}

/** The way is shown in part: it may be a hundred fragments long. */
function cycle(way: readonly string[]): StratesError {
  const shown = way.slice(0, 3).join(' → ')
  return new StratesError({
    code: 'FRAGMENT_CYCLE',
    what: 'A fragment holds itself',
    on: way.length > 3 ? `${shown} → …` : shown,
    expected: 'fragments that end',
    remedy: 'Write out as many levels as are needed.',
    details: { limit: 0, found: 1 },
  })
}
