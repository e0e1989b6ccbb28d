import type { FetchNodePathSegment, InputRewrite } from '@graphql-hive/router-query-planner'
import type { Item } from './merge.ts'
import type { IsA } from './subtypes.ts'

/** Changes what goes to a subgraph or comes from one; gives back the same object where it may. */
export type Rewrite = (data: unknown) => unknown

/** Reads the rewrites of a call: fields under other names, values that are set. None leave all as it is. */
export function compileRewrites(rewrites: readonly InputRewrite[] | undefined, isA: IsA): Rewrite {
  if (!rewrites?.length) return (data) => data
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, isA))
  return (data) => compiled.reduce((current, rewrite) => rewrite(current), data)
}

function compileRewrite(rewrite: InputRewrite, isA: IsA): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer
    return atEndOf(path, isA, (object, key) => {
      if (!Object.hasOwn(object, key)) return
      object[renameKeyTo] = object[key]
      delete object[key]
    })
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite
  return atEndOf(path, isA, (object, key) => {
    object[key] = setValueTo
  })
}

/** Walks to the objects whose key the path ends with, through lists, past objects of other types. */
function atEndOf(path: readonly FetchNodePathSegment[], isA: IsA, act: (object: Item, key: string) => void): Rewrite {
  return (data) => {
    walk(data, 0)
    return data
  }

  function walk(value: unknown, at: number): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach((item) => walk(item, at))
    const object = value as Item
    const step = path[at]
    if (step === undefined) return
    if ('Key' in step) {
      if (at === path.length - 1) act(object, step.Key)
      else walk(object[step.Key], at + 1)
    } else if (object['__typename'] == null || isA(object['__typename'], step.TypenameEquals)) {
      walk(object, at + 1)
    }
  }
}
