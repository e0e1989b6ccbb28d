import KeyvRedis from '@keyv/redis'
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel'
import { Keyv } from 'keyv'
import type { Log } from '../log.ts'
import { within } from '../within.ts'

/** Texts that all gateways read and write. Whatever happens to it, it only ever costs a little time. */
export interface SharedCache {
  /** Undefined for what is not there, or does not come in time. */
  get(key: string): Promise<string | undefined>
  /** Returns at once. */
  set(key: string, text: string): void
  close(): Promise<void>
}

/** What a shared cache needs of its store; `Keyv` has it. */
export interface TextStore {
  get(key: string): Promise<string | undefined>
  set(key: string, text: string): Promise<unknown>
  disconnect(): Promise<void>
}

/** How long a look-up and a write may take, in milliseconds. Someone waits for the first; it takes one or two. */
const PATIENCE_MS = { get: 25, set: 1000 }

/** After so many failures in a row it is left alone for so many milliseconds. */
const LEFT_ALONE = { after: 3, ms: 5000 }

/** How long texts are kept, in milliseconds: a day. */
const KEPT_MS = 86_400_000

/** Makes a cache of a store that may be slow, gone, or come back. */
export function createSharedCache(store: TextStore, log: Log): SharedCache {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: LEFT_ALONE.ms,
    breaker: new ConsecutiveBreaker(LEFT_ALONE.after),
  })
  breaker.onBreak(() =>
    log.warn({ ms: LEFT_ALONE.ms }, 'the shared cache does not answer, and is left alone for a while'),
  )
  breaker.onReset(() => log.info('the shared cache answers again'))

  async function attempt<Result>(ms: number, call: () => Promise<Result>): Promise<Result | undefined> {
    // While one call tries whether it is back, no other waits for the outcome.
    if (breaker.state === CircuitState.HalfOpen) return undefined
    try {
      return await breaker.execute(() => within(ms, late, call))
    } catch (err) {
      log.debug({ err }, 'the shared cache failed')
      return undefined
    }
  }

  return {
    get: (key) => attempt(PATIENCE_MS.get, () => store.get(key)),
    set(key, text) {
      void attempt(PATIENCE_MS.set, () => store.set(key, text))
    },
    close: () => within(PATIENCE_MS.set, late, () => store.disconnect()).catch(() => {}),
  }
}

const late = (): Error => new Error('no answer in time')

/** A store in Redis, or what speaks its protocol. It connects when it is first asked, and again when it was lost. */
export function redisStore(url: string): TextStore {
  const socket = { connectTimeout: 1000, reconnectStrategy: (tries: number) => Math.min(100 * tries, 2000) }
  const adapter = new KeyvRedis<string>({ url, commandsQueueMaxLength: 1000, socket }, { throwOnErrors: true })
  const keyv = new Keyv<string>({
    store: adapter,
    namespace: 'strates',
    ttl: KEPT_MS,
    throwOnErrors: true,
    useKeyPrefix: false,
  })
  // Failures reach whoever asked; an event that nobody hears would end the process.
  keyv.on('error', () => {})
  return {
    get: (key) => keyv.get(key),
    set: (key, text) => keyv.set(key, text),
    // At once: what is still to be written is only a copy.
    disconnect: () => adapter.disconnect(true),
  }
}
