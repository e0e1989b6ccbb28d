import { join } from 'node:path'
import { componentsOf } from '../observations/ownership.ts'
import type { OwnerName } from '../observations/owner.ts'
import { NO_CONTRIBUTIONS } from './cells.ts'
import type { OpenedVersion } from './engine.ts'
import { checkFiles, readJson } from './files.ts'
import { STORE_FILES, type Manifest, type MeasureRecord } from './manifest.ts'
import type { ReaderParts } from './observe.ts'
import type { StoreReader } from './reader.ts'

/** Makes a reader over what makes it that of one owner; the rest is the same for all. */
export type ReaderOver = (
  parts: Pick<ReaderParts, 'owner' | 'cells' | 'contributions' | 'notes'> & Partial<Pick<ReaderParts, 'readerOf'>>,
) => StoreReader

/** Readers of published cells alone, without breakdowns and without schools. */
export interface Others {
  /** A reader of an owner that the store was opened without. */
  published(owner: OwnerName): Promise<StoreReader>
  /** A reader of the owner of a measure, in which all that the values of one period are made of is at hand. */
  withSlices(measure: MeasureRecord, period: number): Promise<StoreReader>
}

/** Makes readers of what owners published, each the first time that it is asked for. */
export function createOthers({
  folder,
  manifest,
  opened,
  readerOver,
}: {
  readonly folder: string
  readonly manifest: Manifest
  readonly opened: OpenedVersion
  readonly readerOver: ReaderOver
}): Others {
  const notesOf = oncePerOwner(async (owner) => {
    const name = STORE_FILES.notes(owner)
    await checkFiles(folder, manifest, new Set([name]))
    return readJson<string[][]>(join(folder, name))
  })
  const published = oncePerOwner(async (owner) => {
    const notes = await notesOf(owner)
    return readerOver({ owner, cells: await opened.published(owner), contributions: NO_CONTRIBUTIONS, notes })
  })
  return { published, withSlices }

  async function withSlices(measure: MeasureRecord, period: number): Promise<StoreReader> {
    const made = madeOf(measure)
    const owners = [...new Set(made.map(({ owner }) => owner))]
    const readers = new Map<OwnerName, StoreReader>()
    const readerOf = (owner: OwnerName): StoreReader => {
      const reader = readers.get(owner)
      if (reader === undefined) throw new RangeError(`the values of ${measure.id} are not made of any of ${owner}`)
      return reader
    }
    await Promise.all(
      owners.map(async (owner) => {
        const ids = made.flatMap((one) => (one.owner === owner ? [one.id] : []))
        const slices = manifest.slices.filter((slice) => slice.period === period && ids.includes(slice.measure))
        const [cells, notes] = await Promise.all([
          opened.slices(
            owner,
            slices.map(({ slice }) => slice),
          ),
          notesOf(owner),
        ])
        readers.set(owner, readerOver({ owner, cells, contributions: NO_CONTRIBUTIONS, notes, readerOf }))
      }),
    )
    return readerOf(measure.owner)
  }

  /** A measure, and all that its values are made of. */
  function madeOf(measure: MeasureRecord): readonly MeasureRecord[] {
    const ids = new Set([...componentsOf(measure), ...(measure.parts ?? [])])
    return [measure, ...manifest.measures.filter(({ id }) => ids.has(id)).flatMap(madeOf)]
  }
}

/** What is made of an owner, once; what fails is tried again by whoever asks next. */
function oncePerOwner<Made>(make: (owner: OwnerName) => Promise<Made>): (owner: OwnerName) => Promise<Made> {
  const made = new Map<OwnerName, Promise<Made>>()
  return (owner) => {
    const found = made.get(owner) ?? make(owner)
    made.set(owner, found)
    found.catch(() => made.get(owner) === found && made.delete(owner))
    return found
  }
}
