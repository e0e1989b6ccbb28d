import type { OwnerName } from '../observations/owner.ts'
import type { Cells, Contributions } from './cells.ts'
import type { MissingRow, SchoolValue } from './contributors.ts'
import type { Cube, CubeCell } from './cube.ts'
import type { OpenedVersion } from './engine.ts'
import { Held } from './held.ts'

/** All cells of one territory, by slice. */
export type TerritoryCells = Pick<ReadonlyMap<number, CubeCell>, 'get' | 'size'>

/** The parts of all values of one territory, by slice, then by position of the part. */
export type TerritoryParts = Pick<ReadonlyMap<number, ReadonlyMap<number, number>>, 'get' | 'size'>

/** All cells of one slice. */
export type WholeSlice = Pick<Cube, 'cell' | 'size'>

/**
 * Where the cells of a version are fetched from. Everything about one territory comes together, whatever is asked of it: it is read by
 * several measures, and costs no more than one of them. Each answers in the order of what is asked.
 */
export interface CellSource {
  cellsOf(owner: OwnerName, territories: readonly number[]): Promise<readonly TerritoryCells[]>
  partsOf(owner: OwnerName, territories: readonly number[]): Promise<readonly TerritoryParts[]>
  schoolsOf(owner: OwnerName, schools: readonly number[]): Promise<readonly (readonly SchoolValue[])[]>
  missingOf(owner: OwnerName, slices: readonly number[]): Promise<readonly (readonly MissingRow[])[]>
  /** The cells of whole slices. */
  slicesOf(owner: OwnerName, slices: readonly number[]): Promise<readonly WholeSlice[]>
}

/** How much of each owner of a version is held: cells, parts, figures of schools, missing, and cells of whole slices. */
export interface FetchedRoom {
  readonly cells: number
  readonly parts: number
  readonly schools: number
  readonly missing: number
  readonly slices: number
}

/** Some fifty megabytes for an owner of which everything is asked; the cells of whole slices take 29 bytes each, others about 200. */
export const FETCHED_ROOM: FetchedRoom = {
  cells: 100_000,
  parts: 100_000,
  schools: 30_000,
  missing: 30_000,
  slices: 500_000,
}

/** Opens a version over a source from which cells are fetched when they are asked for, a bounded number of which is held. */
export function openFetched(source: CellSource, room: FetchedRoom = FETCHED_ROOM): OpenedVersion {
  const memories = new Map<OwnerName, ReturnType<typeof createMemories>>()
  return {
    own: async (owner) => {
      const { cells, contributions } = memoriesOf(owner)
      return { cells, contributions }
    },
    published: async (owner) => memoriesOf(owner).cells,
    slices: (owner, slices) => memoriesOf(owner).slices(slices),
  }

  function memoriesOf(owner: OwnerName) {
    let memories_ = memories.get(owner)
    if (memories_ === undefined) memories.set(owner, (memories_ = createMemories(source, owner, room)))
    return memories_
  }
}

function createMemories(source: CellSource, owner: OwnerName, room: FetchedRoom) {
  const territories = new Held<TerritoryCells>({
    fetch: (keys) => source.cellsOf(owner, keys),
    room: room.cells,
    sizeOf: sizeOfMap,
  })
  const parts = new Held<TerritoryParts>({
    fetch: (keys) => source.partsOf(owner, keys),
    room: room.parts,
    sizeOf: sizeOfMap,
  })
  const schools = new Held<readonly SchoolValue[]>({
    fetch: (keys) => source.schoolsOf(owner, keys),
    room: room.schools,
    sizeOf: sizeOfList,
  })
  const missing = new Held<readonly MissingRow[]>({
    fetch: (keys) => source.missingOf(owner, keys),
    room: room.missing,
    sizeOf: sizeOfList,
  })
  const whole = new Held<WholeSlice>({
    fetch: (keys) => source.slicesOf(owner, keys),
    room: room.slices,
    sizeOf: ({ size }) => size + 1,
  })
  const cells: Cells = {
    cell(slice, territory) {
      const held = territories.find(territory)
      if (held !== undefined) return held.get(slice)
      const cube = whole.find(slice)
      return cube === undefined ? territories.get(territory).get(slice) : cube.cell(slice, territory)
    },
    parts: (slice, territory) => parts.get(territory).get(slice) ?? NO_PARTS,
    need: (wanted) => territories.need(wanted),
  }
  const contributions: Contributions = {
    valuesOf: (school) => schools.get(school),
    missingIn: (slice) => missing.get(slice),
    need: (slices) => missing.need(slices),
  }
  return { cells, contributions, slices }

  async function slices(wanted: readonly number[]): Promise<Cells> {
    const cubes = await whole.all(wanted)
    return new SliceCells(new Map(cubes.map((cube, position) => [wanted[position] ?? -1, cube])))
  }
}

/** The cells of some slices, and of no others: a slice that is not there says nothing, least of all that no file covers a place. */
class SliceCells implements Cells {
  readonly #cubes: ReadonlyMap<number, WholeSlice>

  constructor(cubes: ReadonlyMap<number, WholeSlice>) {
    this.#cubes = cubes
  }

  cell(slice: number, territory: number): CubeCell | undefined {
    const cube = this.#cubes.get(slice)
    if (cube === undefined) throw new RangeError(`the slice ${slice} is not among those that were fetched`)
    return cube.cell(slice, territory)
  }

  parts(slice: number): never {
    throw new RangeError(`of the slice ${slice}, cells were fetched and no parts`)
  }

  need(): void {}
}

const NO_PARTS: ReadonlyMap<number, number> = new Map()

/** What is empty is held too: that there is nothing is an answer. */
const sizeOfMap = ({ size }: { readonly size: number }): number => size + 1
const sizeOfList = ({ length }: { readonly length: number }): number => length + 1
