import type { StoreAddress } from '../snapshots/address.ts'
import { cubeEngine } from './cubeEngine.ts'
import type { StoreEngine } from './engine.ts'
import type { DatabaseEvent } from './postgres/engine.ts'

/**
 * The engine of a store that is published at an address: where that is a database, its rows are read there, else all is in memory.
 * @param report told when the database begins to fail, and when it answers again.
 */
export async function chooseEngine(
  address: StoreAddress | undefined,
  report: (event: DatabaseEvent) => void,
): Promise<StoreEngine> {
  if (address?.kind !== 'postgres') return cubeEngine
  // Its driver is loaded by nobody else.
  const { postgresEngine } = await import('./postgres/engine.ts')
  return postgresEngine(address, { report })
}
