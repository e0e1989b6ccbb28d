import { createHash } from 'node:crypto'
import { createClient } from '@keyv/redis'
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel'
import type { Log } from '../log.ts'
import { within } from '../within.ts'
import type { Spending } from './rate.ts'

/** What clients owe to all gateways together. Nobody waits for it but the one who tells. */
export interface SharedDebts {
  /** Adds what clients spent here, and settles with what each of them owes in all; with undefined when that is not known. */
  add(spending: Spending): Promise<Spending | undefined>
  close(): Promise<void>
}

/** What shared debts need of their store. */
export interface DebtStore {
  /** Adds to the debts of clients, and gives each debt as it is then, in the same order. */
  add(spending: Spending, signal: AbortSignal): Promise<readonly number[]>
  disconnect(): void
}

/** How many clients Redis is told of at once: it does nothing else meanwhile. */
const MOST_AT_ONCE = 1000
/** How long an answer may take: twice as long as workers wait before they tell again, in milliseconds. */
const PATIENCE_MS = 500
/** After so many failures in a row it is left alone for so many milliseconds. */
const LEFT_ALONE = { after: 3, ms: 5000 }

/** Makes shared debts of a store that may be slow, gone, or come back. */
export function createSharedDebts(store: DebtStore, log: Log): SharedDebts {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: LEFT_ALONE.ms,
    breaker: new ConsecutiveBreaker(LEFT_ALONE.after),
  })
  breaker.onBreak(() => log.warn({ ms: LEFT_ALONE.ms }, 'rate limits are not shared: their store does not answer'))
  breaker.onReset(() => log.info({}, 'rate limits are shared again'))
  return {
    async add(spending) {
      if (breaker.state === CircuitState.HalfOpen) return undefined
      try {
        const debts = await breaker.execute(() => within(PATIENCE_MS, late, (signal) => store.add(spending, signal)))
        return spending.map(([client], position) => [client, debts[position] ?? 0])
      } catch (err) {
        log.debug({ err }, 'the shared rate limits failed')
        return undefined
      }
    },
    async close() {
      store.disconnect()
    },
  }
}

const late = (): Error => new Error('no answer in time')

/**
 * Of each client one number is kept: the millisecond, on the clock of Redis, at which all is paid back (GCRA, the same bucket as in
 * `rate.ts`). It is gone when that moment comes. KEYS: clients; ARGV: milliseconds for a point, then the points of each.
 */
export const ADD_DEBTS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local debts = {}
for i, client in ipairs(KEYS) do
  local paid = math.max(tonumber(redis.call('GET', client) or now), now) + ARGV[1] * ARGV[i + 1]
  redis.call('SET', client, string.format('%.3f', paid), 'PX', string.format('%.0f', math.ceil(paid - now) + 1))
  debts[i] = string.format('%.3f', (paid - now) / ARGV[1])
end
return debts`

/** Debts in Redis, or what speaks its protocol and runs scripts. It connects when it is first asked, and again when it was lost. */
export function redisDebts(url: string, pointsPerMinute: number): DebtStore {
  const client = createClient({
    url,
    commandsQueueMaxLength: 100,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1000, reconnectStrategy: (tries: number) => Math.min(100 * tries, 2000) },
  })
  // Failures reach whoever asked; an event that nobody hears would end the process.
  client.on('error', () => {})
  let connecting: Promise<unknown> | undefined
  return {
    async add(spending, signal) {
      connecting ??= client.connect().catch(() => (connecting = undefined))
      await connecting
      // Who asked has told others meanwhile.
      signal.throwIfAborted()
      const parts = Array.from({ length: Math.ceil(spending.length / MOST_AT_ONCE) }, (_, part) =>
        spending.slice(part * MOST_AT_ONCE, (part + 1) * MOST_AT_ONCE),
      )
      return (await Promise.all(parts.map(addPart))).flat()
    },
    disconnect() {
      if (client.isOpen) client.destroy()
    },
  }

  async function addPart(spending: Spending): Promise<readonly number[]> {
    const keys = spending.map(([name]) => keyOf(name))
    const points = spending.map(([, spent]) => `${spent}`)
    const debts = await client.eval(ADD_DEBTS, { keys, arguments: [`${60_000 / pointsPerMinute}`, ...points] })
    return (debts as unknown as string[]).map(Number)
  }
}

/** Redis holds no address of a client: a hash of it, for a minute or two. */
const keyOf = (client: string): string =>
  `strates:debt:${createHash('sha256').update(client).digest('hex').slice(0, 32)}`
