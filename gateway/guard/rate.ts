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

/** Options of {@link createAccounts}. */
export interface AccountOptions {
  readonly pointsPerMinute: number
  /** How many clients are remembered; the one not seen for longest is forgotten first. Default 50,000. */
  readonly clients?: number
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
}

interface Bucket {
  /** As of `at`. */
  points: number
  at: number
}

const WINDOW_SECONDS = 60

/**
 * An account for each client: a bucket of a minute's points, which fills again as time goes by (token bucket). Kept in this
 * process: each worker has its own.
 */
export function createAccounts(options: AccountOptions): (client: string) => Account {
  const { pointsPerMinute: size, clients = 50_000, now = () => performance.now() } = options
  const perMs = size / (WINDOW_SECONDS * 1000)
  const buckets = new Map<string, Bucket>()

  return (client) => ({
    take(points) {
      const bucket = fill(client)
      if (bucket.points < points) return false
      bucket.points -= points
      return true
    },
    spend(points) {
      const bucket = fill(client)
      bucket.points = Math.max(0, bucket.points - points)
    },
    remaining: () => Math.floor(fill(client).points),
    secondsUntil: (points) => secondsFor(points - fill(client).points),
    headers() {
      const { points } = fill(client)
      return {
        ratelimit: `"default";r=${Math.floor(points)};t=${secondsFor(size - points)}`,
        'ratelimit-policy': `"default";q=${size};w=${WINDOW_SECONDS}`,
      }
    },
  })

  /** The bucket of a client as of now, and the last to be forgotten. */
  function fill(client: string): Bucket {
    const at = now()
    const known = buckets.get(client)
    const points = known ? Math.min(size, known.points + (at - known.at) * perMs) : size
    const bucket = { points, at }
    buckets.delete(client)
    buckets.set(client, bucket)
    if (buckets.size > clients) forgetOldest()
    return bucket
  }

  function forgetOldest(): void {
    for (const client of buckets.keys()) {
      buckets.delete(client)
      return
    }
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
