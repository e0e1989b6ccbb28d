import { readFileSync } from 'node:fs'
import type { Execute } from './execute.ts'

/** The document that the status asks; it is also an example of its own. */
const OPERATION = new URL('../../operations/status.graphql', import.meta.url)

/**
 * What is held and what was refused, as JSON for people and machines: `status` is `quarantine` as long as the newest file
 * of any dataset stands refused. Undefined when the owner of the catalogue did not answer.
 */
export async function readStatus(execute: Execute): Promise<string | undefined> {
  const { data } = await execute(readFileSync(OPERATION, 'utf8'))
  const { datasets } = (data ?? {}) as {
    readonly datasets?: readonly { readonly quarantine: readonly unknown[] }[] | null
  }
  if (!datasets) return undefined
  const status = datasets.some(({ quarantine }) => quarantine.length > 0) ? 'quarantine' : 'ok'
  return JSON.stringify({ status, datasets }, null, 1)
}
