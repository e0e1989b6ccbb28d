import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import { judge } from './judge.ts'
import { unheard, type Operation } from './operation.ts'

/** What came of the requests of one step. */
export interface Tally {
  requests: number
  complete: number
  partial: number
  /** Asked again at another gateway, since the one that was asked is gone. */
  moved: number
  /** What should not have been, one sentence a request. */
  readonly failed: string[]
}

/** Options of {@link load}. */
export interface LoadOptions {
  readonly gateways: readonly string[]
  /** The gateway that may be gone at the moment. */
  readonly mayBeGone: () => string | undefined
  /** The subgraphs whose part of an operation may be missing at the moment. */
  readonly mayMiss: (operation: Operation) => ReadonlySet<string>
  /** What is asked in turn, from now on. */
  readonly operations: () => readonly Operation[]
  readonly ask: Ask
  readonly perSecond: number
  /** Ends the load, after the requests under way. */
  readonly until: Promise<unknown>
}

const LANES = 4

/** Asks the operations in turn through all gateways: each once in its own words, which may be kept, and once in words that were not heard before. */
export async function load(options: LoadOptions): Promise<Tally> {
  const { gateways, perSecond } = options
  const tally: Tally = { requests: 0, complete: 0, partial: 0, moved: 0, failed: [] }
  let isOver = false
  void options.until.finally(() => (isOver = true))
  const begun = performance.now()
  let asked = 0

  async function lane(at: number): Promise<void> {
    let gateway = at % gateways.length
    while (!isOver) {
      const turn = asked++
      await sleep(Math.max(0, begun + (turn / perSecond) * 1000 - performance.now()))
      const operations = options.operations()
      const operation = operations[(turn >> 1) % operations.length]
      if (isOver || operation === undefined) return
      gateway = await askOnce(operation, turn % 2 === 0 ? operation.text : unheard(operation.text), gateway)
    }
  }

  /** @returns the gateway to ask next time. */
  async function askOnce(operation: Operation, text: string, gateway: number): Promise<number> {
    tally.requests += 1
    const there = await tryAt(operation, text, gateway)
    if (there) return gateway
    tally.moved += 1
    const next = (gateway + 1) % gateways.length
    await tryAt(operation, text, next)
    return next
  }

  /** @returns false where the gateway is gone, and may be. */
  async function tryAt(operation: Operation, text: string, gateway: number): Promise<boolean> {
    const url = gateways[gateway] ?? ''
    try {
      const verdict = judge(await options.ask(url, text), operation, options.mayMiss(operation))
      if (verdict === 'COMPLETE') tally.complete += 1
      else if (verdict === 'PARTIAL') tally.partial += 1
      else tally.failed.push(verdict.failed)
    } catch (error) {
      if (url === options.mayBeGone()) return false
      tally.failed.push(`${operation.name}: no answer from ${url}: ${String(error)}`)
    }
    return true
  }

  await Promise.all(Array.from({ length: LANES }, (_, at) => lane(at)))
  return tally
}
