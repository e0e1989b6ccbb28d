/** What is left to a client, and how to take from it. */
export interface Account {
  /** Takes points where there are as many; else takes nothing and says so. */
  take(points: number): boolean
  /** Takes points, down to nothing. */
  spend(points: number): void
  /** Whole points left. */
  remaining(): number
  /** In how many whole seconds there are so many points. */
  secondsUntil(points: number): number
  /** `RateLimit` and `RateLimit-Policy`, as draft-ietf-httpapi-ratelimit-headers writes them. */
  headers(): Readonly<Record<string, string>>
}

/** The accounts of all clients, by name. */
export interface Accounts {
  (client: string): Account
  /** What clients spent here since this was last asked. */
  spent(): Spending
  /** Takes what clients spent elsewhere, down to debts: they wait until those are paid too. */
  takeFromOthers(spending: Spending): void
  /** Takes what is missing to so many points outstanding; gives none back. */
  owe(debts: Spending): void
  /** What clients have spent, here and elsewhere, and not got back yet. */
  outstanding(): Spending
}

/** Clients, each with so many points. */
export type Spending = readonly (readonly [client: string, points: number])[]

/** Options of {@link createAccounts}. */
export interface AccountOptions {
  readonly pointsPerMinute: number
  /** How many clients are remembered; the one not seen for longest is forgotten first. Default 50,000. */
  readonly clients?: number
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
}

interface Bucket {
  /** As of `at`; below zero where the client spent elsewhere what it no longer had. */
  points: number
  at: number
}

const WINDOW_SECONDS = 60

/**
 * An account for each client: a bucket of a minute's points, which fills again as time goes by (token bucket). Kept in this
 * process; processes that serve the same clients tell each other what was `spent()`.
 */
export function createAccounts(options: AccountOptions): Accounts {
  const { pointsPerMinute: size, clients = 50_000, now = () => performance.now() } = options
  const perMs = size / (WINDOW_SECONDS * 1000)
  const buckets = new Map<string, Bucket>()
  let ledger = new Map<string, number>()

  return Object.assign(accountOf, { spent, takeFromOthers, owe, outstanding })

  function accountOf(client: string): Account {
    return {
      take(points) {
        const bucket = fill(client)
        if (bucket.points < points) return false
        pay(client, bucket, points)
        return true
      },
      spend(points) {
        const bucket = fill(client)
        pay(client, bucket, Math.min(points, Math.max(0, bucket.points)))
      },
      remaining: () => wholePoints(fill(client)),
      secondsUntil: (points) => secondsFor(points - fill(client).points),
      headers() {
        const bucket = fill(client)
        return {
          ratelimit: `"default";r=${wholePoints(bucket)};t=${secondsFor(size - bucket.points)}`,
          'ratelimit-policy': `"default";q=${size};w=${WINDOW_SECONDS}`,
        }
      },
    }
  }

  function spent(): Spending {
    const list = [...ledger]
    ledger = new Map()
    return list
  }

  function takeFromOthers(spending: Spending): void {
    for (const [client, points] of spending) fill(client).points -= points
  }

  function owe(debts: Spending): void {
    for (const [client, points] of debts) {
      const bucket = fill(client)
      bucket.points = Math.min(bucket.points, size - points)
    }
  }

  function outstanding(): Spending {
    return [...buckets.keys()].flatMap((client) => {
      const points = size - fill(client).points
      return points > 0 ? [[client, points] as const] : []
    })
  }

  function pay(client: string, bucket: Bucket, points: number): void {
    if (points === 0) return
    bucket.points -= points
    ledger.set(client, (ledger.get(client) ?? 0) + points)
    forgetOldest(ledger)
  }

  /** The bucket of a client as of now, and the last to be forgotten. */
  function fill(client: string): Bucket {
    const at = now()
    const known = buckets.get(client)
    const points = known ? Math.min(size, known.points + (at - known.at) * perMs) : size
    const bucket = { points, at }
    buckets.delete(client)
    buckets.set(client, bucket)
    forgetOldest(buckets)
    return bucket
  }

  function forgetOldest(map: Map<string, unknown>): void {
    if (map.size <= clients) return
    for (const client of map.keys()) {
      map.delete(client)
      return
    }
  }

  function wholePoints({ points }: Bucket): number {
    return Math.max(0, Math.floor(points))
  }

  function secondsFor(points: number): number {
    return Math.max(0, Math.ceil(points / (perMs * 1000)))
  }
}

/** The account of a caller in this process, who pays nothing. */
export const unlimited = (points: number): Account => ({
  take: () => true,
  spend() {},
  remaining: () => points,
  secondsUntil: () => 0,
  headers: () => ({}),
})
