import type { SchemaChange, Severity } from './changes.ts'

/** What each severity is called, and what it means for whoever takes the new schema. */
const TITLES: Record<Severity, string> = {
  BREAKING: 'BREAKING: a client that uses it fails',
  DANGEROUS: 'DANGEROUS: a client may be surprised',
  ANNOUNCED: 'ANNOUNCED: gone a year after its deprecation said so, and used by no operation',
}

/** The changes for a person to read: each with where, what, and the operations that it touches. The last line counts them. */
export function describeChanges(changes: readonly SchemaChange[], operations: number): string {
  const severities = [...new Set(changes.map(({ severity }) => severity))]
  const parts = severities.map((severity) => {
    const these = changes.filter((one) => one.severity === severity)
    return [TITLES[severity], ...these.map(describe), ''].join('\n')
  })
  return `${parts.join('\n')}${parts.length > 0 ? '\n' : ''}${summary(changes, operations)}\n`
}

function describe({ where, what, kind, operations }: SchemaChange): string {
  const touched = operations.length === 0 ? 'no operation in use' : operations.join(', ')
  return `  ${where}\n    ${what} (${kind})\n    touches ${touched}`
}

function summary(changes: readonly SchemaChange[], operations: number): string {
  const count = (severity: Severity) => changes.filter((one) => one.severity === severity).length
  const held = `held against ${operations} operations in use`
  return `${count('BREAKING')} breaking, ${count('DANGEROUS')} dangerous, ${count('ANNOUNCED')} announced, ${held}`
}
