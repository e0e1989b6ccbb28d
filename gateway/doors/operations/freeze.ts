/**
 * Writes `operations/columns.json`: which columns the table of each operation has, in which version. Clients read columns by name and
 * place: a change of them is a new version, major where one went or moved, minor where some came at the end. With `--check`, only says
 * whether the file is as it should be.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import { buildASTSchema, parse } from 'graphql'
import type { TableShape } from '../tables/table.ts'
import { COLUMNS_FILE, readFrozen, type FrozenColumns } from './frozen.ts'
import { readOperations } from './operation.ts'
import { tableReader } from './rows.ts'

/** The version that a table has now, given what it was. */
export function frozen({ columns }: Pick<TableShape, 'columns'>, before: FrozenColumns | undefined): FrozenColumns {
  const now = columns.map(({ name, type }) => `${name} ${type}`)
  if (before === undefined) return { version: '1.0', columns: now }
  const [major = 1, minor = 0] = before.version.split('.').map(Number)
  const isExtended = before.columns.every((column, index) => column === now[index])
  if (isExtended && now.length === before.columns.length) return before
  return { version: isExtended ? `${major}.${minor + 1}` : `${major + 1}.0`, columns: now }
}

/** The columns of every table, as they are now. */
function freezeAll(): Readonly<Record<string, FrozenColumns>> {
  const supergraph = readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8')
  const schema = buildASTSchema(transformSupergraphToPublicSchema(parse(supergraph)))
  const before = readFrozen()
  const entries = readOperations().flatMap((operation) => {
    const reader = tableReader(operation, schema)
    return reader ? [[operation.name, frozen(reader.shape, before[operation.name])] as const] : []
  })
  return Object.fromEntries(entries)
}

const frozenText = (): string => `${JSON.stringify(freezeAll(), null, 2)}\n`

/** Writes the file, by the supergraph that is committed. */
export const writeFrozen = (): void => writeFileSync(COLUMNS_FILE, frozenText())

if (import.meta.main) {
  const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values
  const text = frozenText()
  if (check !== true) writeFrozen()
  else if (JSON.stringify(readFrozen()) !== JSON.stringify(JSON.parse(text))) {
    process.stderr.write(
      'operations/columns.json is not what the operations give. Run npm run compose and commit it.\n',
    )
    process.exitCode = 1
  }
}
