import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import { NotHeld, whenHeld } from './notHeld.ts'

/** Options of {@link Held}. */
export interface HeldOptions<Group> {
  /** Fetches groups by their keys, in the order of the keys. */
  readonly fetch: (keys: readonly number[]) => Promise<readonly Group[]>
  /** How much is held, in what `sizeOf` counts. */
  readonly room: number
  readonly sizeOf: (group: Group) => number
}

/** A group that somebody waits for, or has not done with. */
interface Awaited<Group> {
  fetched: Promise<unknown>
  group: Group | undefined
  /** How many wait for it. */
  waiting: number
}

/** How many groups one question asks for at most. */
const AT_ONCE = 1000

/**
 * Groups of what is kept elsewhere, by number: a bounded number of them is held, those not used for longest go first. What is not held
 * is fetched with all else that is asked for in the same moment.
 */
export class Held<Group extends object> {
  readonly #kept: LRUCache<number, Group>
  readonly #loader: DataLoader<number, Group>
  /** Held however little room there is, until those who wait have read. */
  readonly #awaited = new Map<number, Awaited<Group>>()

  constructor({ fetch, room, sizeOf }: HeldOptions<Group>) {
    // One that takes more than half of the room would drive out all others.
    this.#kept = new LRUCache({ maxSize: room, maxEntrySize: Math.ceil(room / 2), sizeCalculation: sizeOf })
    this.#loader = new DataLoader(async (keys) => [...(await fetch(keys))], { cache: false, maxBatchSize: AT_ONCE })
  }

  /** The group of a key. @throws NotHeld. */
  get(key: number): Group {
    const found = this.find(key)
    if (found === undefined) throw this.#wait([key])
    return found
  }

  /** The group of a key where it is held. */
  find(key: number): Group | undefined {
    return this.#kept.get(key) ?? this.#awaited.get(key)?.group
  }

  /** The groups of all these keys, once they are there. */
  async all(keys: readonly number[]): Promise<readonly Group[]> {
    const read = () => (this.need(keys), keys.map((key) => this.get(key)))
    try {
      return read()
    } catch (error) {
      if (!(error instanceof NotHeld)) throw error
      return whenHeld(error, read, () => `a list of ${keys.length}`)
    }
  }

  /** @throws NotHeld unless all of these are held. */
  need(keys: Iterable<number>): void {
    const wanted = [...new Set(keys)]
    if (wanted.some((key) => this.find(key) === undefined)) throw this.#wait(wanted)
  }

  #wait(keys: readonly number[]): NotHeld {
    const awaited = keys.map((key) => this.#await(key))
    const fetched = Promise.all(awaited.map((one) => one.fetched))
    // Who is told of it may have no use for it.
    fetched.catch(() => {})
    return new NotHeld(fetched, () => {
      for (const [position, one] of awaited.entries()) this.#leave(keys[position] ?? -1, one)
    })
  }

  #await(key: number): Awaited<Group> {
    const known = this.#awaited.get(key)
    if (known !== undefined) {
      known.waiting += 1
      return known
    }
    const awaited: Awaited<Group> = { fetched: Promise.resolve(), group: this.#kept.get(key), waiting: 1 }
    this.#awaited.set(key, awaited)
    if (awaited.group === undefined) awaited.fetched = this.#fetch(key, awaited)
    return awaited
  }

  async #fetch(key: number, awaited: Awaited<Group>): Promise<void> {
    try {
      const group = await this.#loader.load(key)
      this.#kept.set(key, group)
      awaited.group = group
    } catch (error) {
      // Those who wait are told; who comes next asks anew.
      this.#forget(key, awaited)
      throw error
    }
  }

  #leave(key: number, awaited: Awaited<Group>): void {
    awaited.waiting -= 1
    if (awaited.waiting === 0) this.#forget(key, awaited)
  }

  #forget(key: number, awaited: Awaited<Group>): void {
    if (this.#awaited.get(key) === awaited) this.#awaited.delete(key)
  }
}
