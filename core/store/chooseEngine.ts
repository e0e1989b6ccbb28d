import type { StoreAddress } from '../snapshots/address.ts'
import { cubeEngine } from './cubeEngine.ts'
import type { StoreEngine } from './engine.ts'
import { postgresEngine, type DatabaseEvent } from './postgres/engine.ts'

/**
 * The engine of a store that is published at an address: where that is a database, its rows are read there, else all is in memory.
 * @param report told when the database begins to fail, and when it answers again.
 */
export function chooseEngine(address: StoreAddress | undefined, report: (event: DatabaseEvent) => void): StoreEngine {
  return address?.kind === 'postgres' ? postgresEngine(address, { report }) : cubeEngine
}
