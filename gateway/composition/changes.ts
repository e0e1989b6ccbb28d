import {
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLInputField,
  type GraphQLSchema,
} from 'graphql'
import { answersOf, usesOf, type UsedOperation } from './operationsInUse.ts'

/**
 * What a change is to those who use the schema. `BREAKING`: a client may fail. `DANGEROUS`: one may be surprised. `ANNOUNCED`: it is gone a year
 * after its deprecation said so, and no operation in use has it.
 */
export type Severity = 'BREAKING' | 'DANGEROUS' | 'ANNOUNCED'

/** One change of the schema that clients see, or of what one operation gets of it. */
export interface SchemaChange {
  readonly severity: Severity
  /** Which kind, as graphql-js names them; `OPERATION_BROKEN` for an operation that is valid no longer. */
  readonly kind: string
  /** Where, as a schema coordinate: `Commune.population`, `Query.commune(at:)`, `Tier.EPCI`; or the operation. */
  readonly where: string
  /** What happened, in a sentence. */
  readonly what: string
  /** The operations in use that it touches. */
  readonly operations: readonly string[]
}

/** How long something lives at least after its deprecation, in days. */
const NOTICE_DAYS = 365

const DAY_MS = 86_400_000

/**
 * All that changes for clients between two schemas, the breaking changes first, each with the operations in use that it touches.
 * @param today the moment to which the age of a deprecation is counted, in milliseconds since 1970.
 */
export function changesBetween(
  before: GraphQLSchema,
  after: GraphQLSchema,
  operations: readonly UsedOperation[],
  today: number,
): readonly SchemaChange[] {
  const uses = operations.map(({ name, document }) => ({ name, used: usesOf(before, document) }))
  const touching = (key: string) => uses.filter(({ used }) => used.has(key)).map(({ name }) => name)
  const breaking = findBreakingChanges(before, after).map(({ type, description }) => {
    const { where, touches } = placeOf(type, description)
    const notice = REMOVALS.has(type) ? noticeOf(before, where, today) : undefined
    const names = touching(touches)
    const isAnnounced = notice?.isLongEnough === true && names.length === 0
    return change(isAnnounced ? 'ANNOUNCED' : 'BREAKING', type, where, sentence(description, notice?.says), names)
  })
  const dangerous = [
    ...findDangerousChanges(before, after).map(({ type, description }) => {
      const { where, touches } = placeOf(type, description)
      return change('DANGEROUS', type, where, sentence(description), touching(touches))
    }),
    ...newInputDefaults(before, after).map(([where, what, type]) =>
      change('DANGEROUS', 'INPUT_FIELD_DEFAULT_CHANGE', where, what, touching(type)),
    ),
  ]
  const broken = operations.flatMap(({ name, document }) => {
    if (answersOf(before, document).length > 0) return []
    return [...new Set(answersOf(after, document))].map((says) =>
      change('BREAKING', 'OPERATION_BROKEN', name, says, [name]),
    )
  })
  const all = [...breaking, ...dangerous, ...broken]
  return SEVERITIES.flatMap((severity) => all.filter((one) => one.severity === severity).toSorted(byPlace))
}

const SEVERITIES: readonly Severity[] = ['BREAKING', 'DANGEROUS', 'ANNOUNCED']

const change = (
  severity: Severity,
  kind: string,
  where: string,
  what: string,
  operations: readonly string[],
): SchemaChange => ({ severity, kind, where, what, operations })

const byPlace = (left: SchemaChange, right: SchemaChange): number =>
  left.where < right.where ? -1 : Number(left.where > right.where)

const sentence = (description: string, more?: string): string =>
  more === undefined ? description : `${description.replace(/\.$/, '')}: ${more}.`

/** What a client loses. */
const REMOVALS: ReadonlySet<string> = new Set([
  BreakingChangeType.FIELD_REMOVED,
  BreakingChangeType.ARG_REMOVED,
  BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
])

const { FIELD_REMOVED, FIELD_CHANGED_KIND, ARG_REMOVED, ARG_CHANGED_KIND, REQUIRED_ARG_ADDED } = BreakingChangeType
const { VALUE_REMOVED_FROM_ENUM, TYPE_REMOVED_FROM_UNION, REQUIRED_INPUT_FIELD_ADDED } = BreakingChangeType
const { VALUE_ADDED_TO_ENUM, TYPE_ADDED_TO_UNION, OPTIONAL_INPUT_FIELD_ADDED } = DangerousChangeType
const { IMPLEMENTED_INTERFACE_ADDED, OPTIONAL_ARG_ADDED, ARG_DEFAULT_VALUE_CHANGE } = DangerousChangeType

/**
 * Where each kind of change stands in the sentence of graphql-js, which gives it nowhere else: the place, and by what operations use
 * it. What is in no row is about the type that the sentence begins with.
 */
const PLACES: Partial<Record<string, readonly [RegExp, place: string, touches: string]>> = {
  [FIELD_REMOVED]: [/^(\w+\.\w+) /, '$1', '$1'],
  [FIELD_CHANGED_KIND]: [/^(\w+\.\w+) /, '$1', '$1'],
  [ARG_REMOVED]: [/^(\w+\.\w+) arg (\w+) /, '$1($2:)', '$1($2:)'],
  [ARG_CHANGED_KIND]: [/^(\w+\.\w+) arg (\w+) /, '$1($2:)', '$1($2:)'],
  [ARG_DEFAULT_VALUE_CHANGE]: [/^(\w+\.\w+) arg (\w+) /, '$1($2:)', '$1'],
  [REQUIRED_ARG_ADDED]: [/^A required arg (\w+) on (\w+\.\w+) /, '$2($1:)', '$2'],
  [OPTIONAL_ARG_ADDED]: [/^An optional arg (\w+) on (\w+\.\w+) /, '$2($1:)', '$2'],
  [VALUE_REMOVED_FROM_ENUM]: [/^(\w+) was removed from enum type (\w+)/, '$2.$1', '$2'],
  [VALUE_ADDED_TO_ENUM]: [/^(\w+) was added to enum type (\w+)/, '$2.$1', '$2'],
  [TYPE_REMOVED_FROM_UNION]: [/^(\w+) was removed from union type (\w+)/, '$2', '$2'],
  [TYPE_ADDED_TO_UNION]: [/^(\w+) was added to union type (\w+)/, '$2', '$2'],
  [REQUIRED_INPUT_FIELD_ADDED]: [/^A required field (\w+) on input type (\w+)/, '$2.$1', '$2'],
  [OPTIONAL_INPUT_FIELD_ADDED]: [/^An optional field (\w+) on input type (\w+)/, '$2.$1', '$2'],
  [IMPLEMENTED_INTERFACE_ADDED]: [/^(\w+) added to interfaces implemented by (\w+)/, '$2', '$1'],
}

function placeOf(kind: string, description: string): { readonly where: string; readonly touches: string } {
  const [pattern, where, touches] = PLACES[kind] ?? [/^(?:Standard scalar )?@?(\w+)/, '$1', '$1']
  const found = pattern.exec(description)
  const filled = (template: string) => template.replace(/\$(\d)/g, (_, group: string) => found?.[Number(group)] ?? '')
  return found ? { where: filled(where), touches: filled(touches) } : { where: description, touches: '' }
}

/** How the removal of a field, an argument or a value was announced, by the schema from which it goes. */
function noticeOf(
  schema: GraphQLSchema,
  where: string,
  today: number,
): { readonly says: string; readonly isLongEnough: boolean } {
  const reason = deprecationOf(schema, where)
  if (reason === undefined || reason === null) return { says: 'it was never deprecated', isLongEnough: false }
  const since = /\b\d{4}-\d{2}-\d{2}\b/.exec(reason)?.[0]
  const days = since === undefined ? Number.NaN : Math.floor((today - Date.parse(since)) / DAY_MS)
  if (Number.isNaN(days)) return { says: 'it was deprecated, its reason does not say since when', isLongEnough: false }
  const isLongEnough = days >= NOTICE_DAYS
  return { says: `it is deprecated since ${since}${isLongEnough ? '' : ', less than a year'}`, isLongEnough }
}

function deprecationOf(schema: GraphQLSchema, where: string): string | null | undefined {
  const [, typeName = '', member = '', argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(where) ?? []
  const type = schema.getType(typeName)
  if (isEnumType(type)) return type.getValue(member)?.deprecationReason
  if (isInputObjectType(type)) return type.getFields()[member]?.deprecationReason
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined
  const field = type.getFields()[member]
  if (argument === undefined) return field?.deprecationReason
  return field?.args.find(({ name }) => name === argument)?.deprecationReason
}

/** What graphql-js does not look at: another default of a field of an input type. */
function newInputDefaults(
  before: GraphQLSchema,
  after: GraphQLSchema,
): readonly (readonly [where: string, what: string, type: string])[] {
  return Object.values(before.getTypeMap()).flatMap((type) => {
    const now = after.getType(type.name)
    if (!isInputObjectType(type) || !isInputObjectType(now)) return []
    return Object.values(type.getFields()).flatMap((field) => {
      const [was, is] = [field, now.getFields()[field.name]].map(defaultOf)
      if (was === is || now.getFields()[field.name] === undefined) return []
      const where = `${type.name}.${field.name}`
      return [[where, `${where} has changed its default from ${was} to ${is}.`, type.name] as const]
    })
  })
}

function defaultOf(field: GraphQLInputField | undefined): string {
  return field?.defaultValue === undefined ? 'none' : JSON.stringify(field.defaultValue)
}
