import { coerceInputValue, getNullableType } from 'graphql'
import { StratesError } from '../../../core/observations/error.ts'
import type { Parameter } from '../operations/parameters.ts'
import type { Tool } from './tools.ts'

/** What a model gave to a tool. */
export type Given = Readonly<Record<string, unknown>>

/**
 * The arguments of a call, checked by name and type. A null stands for one that was not given.
 * @throws StratesError INVALID_OPTION for one that is unknown, missing or of another type.
 */
export function readArguments({ named, told }: Tool, given: Given): Given {
  const known = Object.keys(told.inputSchema.properties)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) throw wrong('There is no such argument', unknown, `any of ${known.join(', ') || 'none'}`)
  const { required = [] } = told.inputSchema as { required?: readonly string[] }
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
  const missing = required.find((name) => !(name in values))
  if (missing !== undefined) throw wrong('An argument is missing', missing, `the argument ${missing}`)
  for (const parameter of named?.parameters ?? []) if (parameter.name in values) check(parameter, values)
  if (named !== undefined) checkRow(values)
  return values
}

function check({ name, type }: Parameter, values: Given): void {
  coerceInputValue(values[name], getNullableType(type), (_, invalid, { message }) => {
    const text = JSON.stringify(invalid) ?? 'nothing'
    throw wrong('An argument cannot be read', `${name}: ${text.slice(0, 100)}`, message)
  })
}

function checkRow({ fromRow }: Given): void {
  if (fromRow === undefined || (Number.isSafeInteger(fromRow) && Number(fromRow) >= 1)) return
  throw wrong('An argument cannot be read', `fromRow: ${String(fromRow).slice(0, 100)}`, 'a whole number from 1 on')
}

const wrong = (what: string, on: string, expected: string): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what,
    on: on.slice(0, 120),
    expected: expected.replace(/\.$/, ''),
    remedy: 'Correct it; the input schema of the tool describes each argument.',
  })
