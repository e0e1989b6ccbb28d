import type { FieldName, OperationShape, Shape, ShapeValue } from './shape.ts'

/*
 * Running a plan puts the parts of an answer together and trusts them: leaves of any type, and nulls wherever they come.
 * What follows is the "value completion" of the GraphQL specification. It runs at two doors: on what a subgraph sent over a
 * wire, and on the whole answer.
 */

/** Response keys and list indices from the root, as in the `path` of a GraphQL error. */
export type Path = readonly (string | number)[]

/** What completion reports on its way. */
export interface CompletionReport {
  /** A value of the wrong type, or a null that the schema forbids. It is null in what comes back. */
  fault(path: Path, name: FieldName, what: string): void
  /** A null that the schema allows. */
  absent?(path: Path, name: FieldName): void
}

/**
 * Completes the data of an answer: the fields of the shape in their order, leaves of the right type, and a null that the
 * schema forbids carried up to the nearest place that may be null. Returns `null` when that is the whole answer.
 */
export function complete(
  shape: OperationShape,
  data: unknown,
  report: CompletionReport,
): Record<string, unknown> | null {
  const path: (string | number)[] = []
  const name = { parent: shape.rootType, field: '' }
  return completeObject(data ?? {}, shape.root, shape.rootType, name) as Record<string, unknown> | null

  /** Gives the value, `null` where that is allowed, and `undefined` for a null that is not: the parent decides then. */
  function completeValue(value: unknown, expected: ShapeValue, name: FieldName): unknown {
    if (value == null || expected.hides?.(value)) {
      if (!expected.nonNull) return (report.absent?.(path.slice(), name), null)
      return void report.fault(path.slice(), name, 'is never null, and is missing')
    }
    const completed = completeNullable(value, expected, name)
    return completed === null && expected.nonNull ? undefined : completed
  }

  function completeNullable(value: unknown, expected: ShapeValue, name: FieldName): unknown {
    if (expected.item) return completeList(value, expected.item, name)
    if (expected.shape) return completeObject(value, expected.shape, undefined, name)
    if (!expected.leaf) return value
    const leaf = expected.leaf(value)
    return leaf === undefined ? wrong(name, 'holds a value of another type than the schema says') : leaf
  }

  function completeList(value: unknown, item: ShapeValue, name: FieldName): unknown[] | null {
    if (!Array.isArray(value)) return wrong(name, 'is a list, and something else came')
    const completed: unknown[] = []
    let whole = true
    for (let index = 0; index < value.length; index++) {
      path.push(index)
      const one = completeValue(value[index], item, name)
      path.pop()
      if (one === undefined) whole = false
      completed.push(one)
    }
    return whole ? completed : null
  }

  function completeObject(value: unknown, shape: Shape, known: string | undefined, name: FieldName): object | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrong(name, 'is an object, and something else came')
    const came = value as Record<string, unknown>
    const typeName = known ?? typeNameOf(came, shape)
    if (typeName !== undefined && shape.types && !shape.types.has(typeName))
      return wrong(name, 'is of a type that could not be found out')

    const completed: Record<string, unknown> = {}
    let whole = true
    for (const field of shape.fieldsOf(typeName)) {
      const { key, from } = field
      if (field.optional && !(from in came)) continue
      const value = came[from]
      // Most fields are leaves that are as they should be: nothing will be reported of them.
      const leaf = value == null ? undefined : field.value.leaf?.(value)
      if (leaf !== undefined) {
        completed[key] = leaf
        continue
      }
      path.push(key)
      const one = completeValue(value, field.value, field)
      path.pop()
      if (one === undefined) whole = false
      completed[key] = one
    }
    return whole ? completed : null
  }

  function wrong(name: FieldName, what: string): null {
    report.fault(path.slice(), name, what)
    return null
  }
}

/**
 * The name of an object's type; undefined where it was not asked for, or where no subgraph that was asked knows more than an
 * interface, and nobody wants to know more.
 */
function typeNameOf({ __typename: name }: Record<string, unknown>, shape: Shape): string | undefined {
  if (typeof name !== 'string') return undefined
  const isVague = shape.types !== null && shape.abstracts.has(name)
  return isVague && !shape.fieldsOf().some(({ field }) => field === '__typename') ? undefined : name
}
