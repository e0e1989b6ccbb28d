import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import { StratesError } from '../../core/observations/error.ts'
import type { Log } from '../log.ts'
import { subgraphUnavailable } from '../transport/transport.ts'

/** After so many outages in a row a subgraph is not asked for so long; then one call tries whether it is back. */
export const REST = { after: 5, ms: 10_000 } as const

/** What stands between the gateway and the subgraphs that fail. */
export interface Breakers {
  /** Calls a subgraph, unless it is given a rest. */
  guard<Answer>(subgraph: string, call: () => Promise<Answer>): Promise<Answer>
  /** Ends the rest of a subgraph that was gone and is there again: nobody need wait for what is left of it. */
  forgive(subgraph: string): void
}

/**
 * Keeps a circuit breaker for each subgraph, so that one which is down or slow holds nobody up: the part that it owns is
 * missing at once, with the reason `RESTING`. An error that a subgraph answers, a version that it does not hold and a question whose own time is
 * up are no outages.
 */
export function createBreakers(log: Log): Breakers {
  const breakers = new Map<string, CircuitBreakerPolicy>()

  return {
    async guard(subgraph, call) {
      const breaker = breakerOf(subgraph)
      // While one call tries, the others do not wait for its outcome.
      if (breaker.state === CircuitState.HalfOpen) throw resting(subgraph)
      try {
        return await breaker.execute(call)
      } catch (error) {
        throw isBrokenCircuitError(error) ? resting(subgraph) : error
      }
    },
    forgive: (subgraph) => void breakers.delete(subgraph),
  }

  function breakerOf(subgraph: string): CircuitBreakerPolicy {
    const known = breakers.get(subgraph)
    if (known) return known
    const breaker = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: REST.ms,
      breaker: new ConsecutiveBreaker(REST.after),
    })
    breaker.onBreak(() => log.warn({ subgraph, ms: REST.ms }, 'subgraph given a rest'))
    breaker.onReset(() => log.info({ subgraph }, 'subgraph answers again'))
    breakers.set(subgraph, breaker)
    return breaker
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof StratesError)) return true
  return error.code === 'SUBGRAPH_UNAVAILABLE' && error.facts.details?.['reason'] !== 'OTHER_VERSION'
}

const resting = (subgraph: string): StratesError =>
  subgraphUnavailable({
    subgraph,
    reason: 'RESTING',
    what: `failed ${REST.after} times in a row and is asked again within ${REST.ms / 1000} s`,
  })
