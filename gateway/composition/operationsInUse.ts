import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  getNamedType,
  isAbstractType,
  isInputObjectType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { StratesError } from '../../core/observations/error.ts'

/** A document that someone asks. */
export interface UsedOperation {
  /** Its file. */
  readonly name: string
  readonly document: DocumentNode
}

/**
 * The documents of a folder and of the folders in it: its files `*.graphql`, by name.
 * @throws StratesError INVALID_OPTION when the folder or a file cannot be read, or is no GraphQL.
 */
export function readUsedOperations(folder: string): readonly UsedOperation[] {
  return listed(folder).map((file) => {
    const path = join(folder, file)
    try {
      return { name: relative('.', path), document: parse(readFileSync(path, 'utf8')) }
    } catch (cause) {
      throw unreadable('An operation cannot be read', path, 'a file with GraphQL operations', cause)
    }
  })
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.graphql'))
      .toSorted()
  } catch (cause) {
    throw unreadable('The folder of operations cannot be read', folder, 'a folder with *.graphql files', cause)
  }
}

/** What cannot be read, of what the command line names. */
export const unreadable = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what: cause === undefined ? what : `${what}: ${(cause as Error).message}`,
    on,
    expected,
    remedy: 'Correct the option, or see to it that it can be read.',
    cause,
  })

/** What a schema says against a document; nothing where it answers it. */
export const answersOf = (schema: GraphQLSchema, document: DocumentNode): readonly string[] =>
  validate(schema, document, undefined, { maxErrors: 20 }).map(({ message }) => message)

/**
 * All of a schema that a document uses, as schema coordinates: its types, fields and arguments. A field of an interface is one of each type
 * that implements it too.
 */
export function usesOf(schema: GraphQLSchema, document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>()
  const info = new TypeInfo(schema)
  const useType = (type: GraphQLNamedType | null | undefined) => void (type && used.add(type.name))
  visit(
    document,
    visitWithTypeInfo(info, {
      enter(node) {
        useType(getNamedType(info.getType()))
        useInput(getNamedType(info.getInputType()))
        if (node.kind === 'NamedType') useInput(schema.getType(node.name.value))
        if (node.kind !== 'Field') return
        const parent = info.getParentType()
        if (!parent) return
        for (const { name } of [parent, ...(isAbstractType(parent) ? schema.getPossibleTypes(parent) : [])]) {
          used.add(name)
          used.add(`${name}.${node.name.value}`)
          for (const argument of node.arguments ?? []) used.add(`${name}.${node.name.value}(${argument.name.value}:)`)
        }
      },
    }),
  )
  return used

  /** What a variable holds is not in the document: all that its type may hold is used. */
  function useInput(type: GraphQLNamedType | null | undefined): void {
    if (!type || used.has(type.name)) return
    used.add(type.name)
    if (!isInputObjectType(type)) return
    for (const { name, type: of } of Object.values(type.getFields())) {
      used.add(`${type.name}.${name}`)
      useInput(getNamedType(of))
    }
  }
}
