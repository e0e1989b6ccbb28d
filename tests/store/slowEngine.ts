/** An engine that has everything in memory and gives nothing before it was asked for once: what a database does, without one. */
import { setImmediate } from 'node:timers/promises'
import type { Cells, Contributions } from '../../core/store/cells.ts'
import { cubeEngine } from '../../core/store/cubeEngine.ts'
import type { StoreEngine } from '../../core/store/engine.ts'
import { openFetched, type CellSource, type FetchedRoom } from '../../core/store/fetched.ts'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'

/** So little that nothing stays for long. */
const NARROW: FetchedRoom = { cells: 40, parts: 40, schools: 10, missing: 10, slices: 3000 }

/** A slow engine, and what was fetched through it. */
export interface SlowEngine extends StoreEngine {
  /** How often something was fetched since this was last asked. */
  rounds(): number
  /** From now on every fetch fails with this; undefined: none does. */
  fail(error: Error | undefined): void
}

/** Makes a slow engine. @param room how much is held; default: next to nothing, so that every way of waiting is taken. */
export function slowEngine(room: FetchedRoom = NARROW): SlowEngine {
  let rounds = 0
  let failure: Error | undefined

  return {
    waits: true,
    readsFiles: true,
    problem: () => undefined,
    close: async () => {},
    rounds() {
      const counted = rounds
      rounds = 0
      return counted
    },
    fail: (error) => void (failure = error),
    async open(version) {
      const { own } = await cubeEngine.open(version)
      const all = new Map<OwnerName, { readonly cells: Cells; readonly contributions: Contributions }>()
      for (const owner of OWNERS) all.set(owner, await own(owner))
      return openFetched(sourceOver(all), room)
    },
  }

  function sourceOver(
    all: ReadonlyMap<OwnerName, { readonly cells: Cells; readonly contributions: Contributions }>,
  ): CellSource {
    return {
      cellsOf: (owner, territories) =>
        each(owner, territories, ({ cells }, territory) => ({
          size: 10,
          get: (slice) => cells.cell(slice, territory),
        })),
      partsOf: (owner, territories) =>
        each(owner, territories, ({ cells }, territory) => ({
          size: 10,
          get: (slice) => cells.parts(slice, territory),
        })),
      schoolsOf: (owner, schools) =>
        each(owner, schools, ({ contributions }, school) => contributions.valuesOf(school)),
      missingOf: (owner, slices) => each(owner, slices, ({ contributions }, slice) => contributions.missingIn(slice)),
      slicesOf: (owner, slices) =>
        each(owner, slices, ({ cells }, wanted) => ({
          size: 1000,
          cell(slice, territory) {
            if (slice !== wanted) throw new RangeError(`the slice ${slice} was not asked for`)
            return cells.cell(slice, territory)
          },
        })),
    }

    async function each<Group>(
      owner: OwnerName,
      keys: readonly number[],
      read: (data: { readonly cells: Cells; readonly contributions: Contributions }, key: number) => Group,
    ): Promise<readonly Group[]> {
      rounds += 1
      await setImmediate()
      if (failure !== undefined) throw failure
      const data = all.get(owner)
      return data === undefined ? [] : keys.map((key) => read(data, key))
    }
  }
}
