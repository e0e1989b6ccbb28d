import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DatasetDescriptor } from '../core/observations/dataset.ts'
import { StratesError } from '../core/observations/error.ts'
import { OWNERS } from '../core/observations/owner.ts'
import type { FoundDescriptor } from '../core/observations/ownership.ts'

export type { FoundDescriptor } from '../core/observations/ownership.ts'

const SUBGRAPHS = join(import.meta.dirname, '..', 'subgraphs')

/**
 * Every dataset descriptor of the five owners, in file order: adding a dataset is adding a file there.
 * @throws StratesError DESCRIPTOR_INVALID when a file has no descriptor, or two share an id.
 */
export async function findDescriptors(folder: string = SUBGRAPHS): Promise<readonly FoundDescriptor[]> {
  const found: FoundDescriptor[] = []
  for (const owner of OWNERS) {
    for (const name of filesIn(join(folder, owner, 'datasets'))) {
      const file = `subgraphs/${owner}/datasets/${name}`
      const module = (await import(pathToFileURL(join(folder, owner, 'datasets', name)).href)) as { default?: unknown }
      found.push({ file, descriptor: descriptorIn(module.default, file, owner) })
    }
  }
  const byId = Map.groupBy(found, ({ descriptor }) => descriptor.id)
  for (const [id, same] of byId) {
    if (same.length > 1)
      throw invalid(
        same.map(({ file }) => file).join(' and '),
        `Two descriptors have the id ${id}`,
        'one id for each dataset',
      )
  }
  return found
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function descriptorIn(exported: unknown, file: string, owner: string): DatasetDescriptor {
  const descriptor = exported as DatasetDescriptor | undefined
  if (typeof descriptor?.id !== 'string')
    throw invalid(file, 'The file exports no descriptor', 'a default export that satisfies DatasetDescriptor')
  if (descriptor.owner !== owner)
    throw invalid(file, `The descriptor names the owner ${descriptor.owner}`, `the owner of its folder, ${owner}`)
  return descriptor
}

function invalid(file: string, what: string, expected: string): StratesError {
  return new StratesError({ code: 'DESCRIPTOR_INVALID', what, on: file, expected, remedy: 'See subgraphs/README.md.' })
}
