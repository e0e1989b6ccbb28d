import type { JsonSchema } from '../operations/jsonSchema.ts'

/** A part that is shorter is written where it is used. */
const WORTH_A_NAME = 80

/** Writes each longer part of a schema that stands in it several times once, under `$defs`: the same schema, in fewer words. */
export function oncePerPart<Schema extends JsonSchema>(schema: Schema): Schema {
  const counts = new Map<string, number>()
  count(schema, counts)
  const names = new Map<string, string>()
  const defs: Record<string, unknown> = {}
  const properties = folded(schema['properties'])
  return names.size === 0 ? schema : { ...schema, properties, $defs: defs }

  function folded(part: unknown): unknown {
    if (Array.isArray(part)) return part.map(folded)
    if (typeof part !== 'object' || part === null) return part
    const text = JSON.stringify(part)
    if (!isSchema(part) || text.length < WORTH_A_NAME || (counts.get(text) ?? 0) < 2) return inside(part)
    const known = names.get(text)
    const name = known ?? `part${names.size + 1}`
    names.set(text, name)
    if (known === undefined) defs[name] = inside(part)
    return { $ref: `#/$defs/${name}` }
  }

  function inside(part: object): object {
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, folded(value)]))
  }
}

/** Whether an object is a schema, and not a list of named ones. */
const isSchema = (part: object): boolean =>
  'type' in part && (typeof part.type === 'string' || Array.isArray(part.type))

function count(part: unknown, counts: Map<string, number>): void {
  if (typeof part !== 'object' || part === null) return
  if (!Array.isArray(part) && isSchema(part)) {
    const text = JSON.stringify(part)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  for (const value of Object.values(part)) count(value, counts)
}
