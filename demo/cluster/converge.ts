import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import { judge } from './judge.ts'
import { unheard, type Operation } from './operation.ts'

/** How long a cluster may take to be whole again once a part is started, the start included, in milliseconds. */
export const LIMIT_MS = 30_000

const NOBODY: ReadonlySet<string> = new Set()

/** Waits until each gateway is ready, says that all is well, and answers each operation whole. @returns what is still wrong once the time is up. */
export async function converge(
  gateways: readonly string[],
  operations: readonly Operation[],
  ask: Ask,
): Promise<string | undefined> {
  const until = performance.now() + LIMIT_MS
  for (;;) {
    const problem = await problemOf(gateways, operations, ask)
    if (problem === undefined || performance.now() > until) return problem
    await sleep(100)
  }
}

async function problemOf(
  gateways: readonly string[],
  operations: readonly Operation[],
  ask: Ask,
): Promise<string | undefined> {
  try {
    const problems = await Promise.all(gateways.map(problemOfGateway))
    const found = problems.find((problem) => problem !== undefined)
    if (found !== undefined) return found
    for (const operation of operations) {
      const replies = await Promise.all(gateways.map((gateway) => ask(gateway, unheard(operation.text))))
      for (const reply of replies) {
        const verdict = judge(reply, operation, NOBODY)
        if (typeof verdict !== 'string') return verdict.failed
      }
    }
    return undefined
  } catch (error) {
    return String(error)
  }
}

async function problemOfGateway(gateway: string): Promise<string | undefined> {
  const ready = await fetch(`${gateway}/readyz`)
  if (ready.status !== 200) return `${gateway}/readyz says ${ready.status}`
  const { status, owners } = (await (await fetch(`${gateway}/status`)).json()) as Status
  const away = owners.filter(({ state }) => state !== 'up').map(({ name }) => name)
  if (away.length > 0) return `${gateway}/status says that ${away.join(', ')} do not answer`
  return status === 'ok' ? undefined : `${gateway}/status says ${status}`
}

interface Status {
  readonly status: string
  readonly owners: readonly { readonly name: string; readonly state: string }[]
}
