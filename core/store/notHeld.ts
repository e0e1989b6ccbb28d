import { StratesError } from '../observations/error.ts'

/**
 * Thrown by a reader whose engine has to fetch first what is asked: it is on its way. No error and told to nobody: whoever asked waits
 * for it, and asks again.
 */
export class NotHeld {
  /** Settles when it is there; rejects with the reason why it cannot be fetched. */
  readonly fetched: Promise<unknown>
  /** To be called once by whoever asked, when it asks no more: until then what was fetched is held, however much else is. */
  readonly release: () => void

  constructor(fetched: Promise<unknown>, release: () => void) {
    this.fetched = fetched
    this.release = release
  }
}

/**
 * Reads all of a list. Where some of it is not held, all that is not is on its way before that is thrown: it comes in one round.
 * @throws NotHeld for all of them, and what reading throws.
 */
export function readAll<Item, Value>(items: readonly Item[], read: (item: Item) => Value): readonly Value[] {
  const values: Value[] = []
  const missing: NotHeld[] = []
  for (const item of items) {
    try {
      values.push(read(item))
    } catch (error) {
      if (!(error instanceof NotHeld)) throw error
      missing.push(error)
    }
  }
  if (missing.length === 0) return values
  const fetched = Promise.all(missing.map((one) => one.fetched))
  // Who is told of it may have no use for it.
  fetched.catch(() => {})
  throw new NotHeld(fetched, () => {
    for (const { release } of missing) release()
  })
}

/** After how often something still is not there, one that asks gives up: each time is a question to a database. */
const MOST_ROUNDS = 20

/**
 * Reads again what was not held at first, as often as it takes. All that was fetched for it is held until it is done, so that it gets further
 * each time.
 * @param what is read, for the message.
 * @param until when to give up, on the clock of `performance.now()`. Default: never.
 * @throws what reading throws; StratesError DATABASE_UNREACHABLE where it is too late; Error where it does not end.
 */
export async function whenHeld<Value>(
  first: NotHeld,
  read: () => Value | Promise<Value>,
  what: () => string,
  until = Infinity,
): Promise<Value> {
  const fetched = [first]
  try {
    for (let rounds = 1; rounds <= MOST_ROUNDS; rounds += 1) {
      await before(until, fetched.at(-1)?.fetched, what)
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof NotHeld)) throw error
        fetched.push(error)
      }
    }
    throw new Error(`${what()} still waits for what it reads after ${MOST_ROUNDS} rounds`)
  } finally {
    for (const { release } of fetched) release()
  }
}

/** Waits for what is fetched, and no longer than until then. */
async function before(until: number, fetched: Promise<unknown> | undefined, what: () => string): Promise<void> {
  if (until === Infinity) return void (await fetched)
  const { promise: timeUp, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooLate(what())), Math.max(0, until - performance.now()))
  try {
    await Promise.race([fetched, timeUp])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = (on: string): StratesError =>
  new StratesError({
    code: 'DATABASE_UNREACHABLE',
    what: 'The database did not give all of it in time',
    on,
    expected: 'what one question reads, within the time that the question has',
    remedy: 'The rest of this answer stands: ask again for this part in a few seconds, or for less at once.',
  })
