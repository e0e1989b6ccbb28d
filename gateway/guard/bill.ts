import { StratesError } from '../../core/observations/error.ts'
import { PRICES, type Limits } from './limits.ts'
import type { Account } from './rate.ts'
import { overLimit } from './refusal.ts'

/** What `extensions.cost` of an answer holds, in points. */
export interface Cost {
  /** What the operation was estimated to cost, or the price of a request that was refused. */
  readonly requested: number
  /** The most that one operation may cost. */
  readonly limit: number
  /** What is left to this client. */
  readonly remaining: number
}

/** What one request to `/graphql` pays. */
export interface Bill {
  /** Adds what it takes to validate and plan so many selections of a document not seen lately. */
  prepare(selections: number): void
  /**
   * Pays for an operation before it is asked. @throws StratesError COST_TOO_HIGH for one that nobody may ask, RATE_LIMITED for
   * one that this client may ask later.
   */
  order(points: number): void
  /** Pays for a request that was refused or malformed, unless its operation is already paid for. */
  refuse(): void
  cost(): Cost
  /** What was asked of the account so far, in points. */
  paid(): number
}

/**
 * Opens the bill of a request, which pays the least price at once. @throws StratesError RATE_LIMITED where the account does
 * not hold even that.
 */
export function openBill(account: Account, { cost: limit }: Limits): Bill {
  requirePoints(account, PRICES.least)
  let requested: number | undefined
  let preparing = 0
  let paid = false
  let spent: number = PRICES.least
  return {
    prepare(selections) {
      preparing = selections * PRICES.selection
    },
    order(points) {
      requested = points
      if (points > limit) throw tooDear(points, limit)
      const more = Math.max(0, points + preparing - PRICES.least)
      requirePoints(account, more)
      spent += more
      paid = true
    },
    refuse() {
      if (paid) return
      paid = true
      const more = Math.max(PRICES.refused, preparing) - PRICES.least
      account.spend(more)
      spent += more
    },
    cost: () => ({ requested: requested ?? PRICES.refused, limit, remaining: account.remaining() }),
    paid: () => spent,
  }
}

/** Takes points from whoever asks. @throws StratesError RATE_LIMITED where there are not as many. */
export type Pay = (points: number) => void

/** Takes points from the account of a request, and writes them into its report. */
export function payerOf({ account, report }: { readonly account: Account; readonly report: { paid: number } }): Pay {
  return (points) => {
    requirePoints(account, points)
    report.paid += points
  }
}

/** Takes points. @throws StratesError RATE_LIMITED, with the seconds to wait, where there are not as many. */
export function requirePoints(account: Account, points: number): void {
  if (account.take(points)) return
  const retryAfter = account.secondsUntil(points)
  throw new StratesError({
    code: 'RATE_LIMITED',
    what: 'Too much was asked in a short time',
    on: `${points} points asked, ${account.remaining()} left`,
    expected: 'as many points as the account holds; it fills up within a minute',
    remedy: `Ask again in ${retryAfter} s, as the header Retry-After says. Prices are at /v1/limits.`,
    details: { limit: account.remaining(), found: points, retryAfter },
  })
}

const tooDear = (found: number, limit: number): StratesError =>
  overLimit({
    code: 'COST_TOO_HIGH',
    what: 'The operation may cost too much',
    limit,
    found,
    unit: 'points',
    remedy:
      'Ask for smaller pages (first), fewer years, or fewer objects for each entry; how it is counted is in docs/limits.md.',
  })
