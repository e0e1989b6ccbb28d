import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { FAULTS, startProxy, type Fault, type FaultyProxy } from './faults.ts'
import { questionOf, startRemoteGateway, startSubgraphs, stop } from './gateways.ts'
import { during, load } from './load.ts'
import { aim, promise, type Effort, type Finding, type Scenario } from './scenario.ts'

/** One part of each owner: at the root, and of a territory that all of them know. */
const QUERY = `query ($n: Int!) {
  commune(code: "35238") { name }
  epci(siren: "243500139") { name members(first: $n) { totalCount } }
  departement(code: "35") { name }
  region(code: "53") { name }
  nation { name population { value } }
}`

const ROOTS: Readonly<Record<OwnerName, string>> = {
  commune: 'commune',
  epci: 'epci',
  departement: 'departement',
  region: 'region',
  national: 'nation',
}

/** Each of the five subgraphs fails in each way; the other four are asked all the while. */
export const outages: Scenario = {
  name: 'outages',
  what: 'each of the five subgraphs: down, 10 s slow, HTML, truncated JSON, 1 GB, wrong types',
  async run(effort) {
    const urls = await startSubgraphs(await fixtureStore())
    const proxies = new Map<OwnerName, FaultyProxy>()
    for (const owner of OWNERS) proxies.set(owner, await startProxy(urls[owner]))
    const proxied = Object.fromEntries([...proxies].map(([owner, { url }]) => [owner, url])) as Record<
      OwnerName,
      string
    >
    const gateway = await startRemoteGateway(proxied, { STRATES_CACHE_MB: '0' })
    const wrong: string[] = []
    const ratios: { readonly at: string; readonly ratio: number }[] = []
    const ms = effort === 'QUICK' ? 1500 : 5000
    try {
      await warm(gateway.url)
      let number = 0
      for (const { owner, fault } of pairsFor(effort)) {
        const neutral = owner === 'epci' ? 'departement' : 'epci'
        const ask = () =>
          load({
            url: gateway.url,
            next: (n) => questionOf(neutral, (number += 7) + n),
            connections: 4,
            until: during(ms),
          })
        const control = await ask()
        proxies.get(owner)!.fault = fault
        const [tried, answers] = await Promise.all([ask(), askAll(gateway.url, (number += 1), 3)])
        proxies.get(owner)!.fault = undefined
        wrong.push(
          ...answers.flatMap((answer) => problemsOf(answer, owner)).map((problem) => `${owner} ${fault}: ${problem}`),
          ...[...control.failures, ...tried.failures].map((failure) => `${owner} ${fault}: ${failure}`),
        )
        ratios.push({ at: `${owner} ${fault}`, ratio: tried.percentile(0.99) / control.percentile(0.99) })
        await untilBack(gateway.url, owner, (number += 1000))
      }
    } finally {
      await stop(gateway)
      for (const proxy of proxies.values()) await proxy.close()
    }
    const sorted = ratios.toSorted((left, right) => left.ratio - right.ratio)
    const worst = sorted.at(-1)!
    return [
      promise('the other four’s fields are intact, and the error names the owner', `${ratios.length} pairs`, wrong),
      aim(
        'p99 of questions that do not need it, beside a control: median',
        sorted[sorted.length >> 1]!.ratio,
        1.2,
        ' ×',
      ),
      aim(`the same, worst (${worst.at})`, worst.ratio, 1.2, ' ×'),
    ] satisfies readonly Finding[]
  },
}

/** Every owner with every fault; where there is little time, every fault and every owner once. */
function pairsFor(effort: Effort): readonly { readonly owner: OwnerName; readonly fault: Fault }[] {
  if (effort === 'WHOLE') return OWNERS.flatMap((owner) => FAULTS.map((fault) => ({ owner, fault })))
  return FAULTS.map((fault, place) => ({ owner: OWNERS[place % OWNERS.length] ?? 'commune', fault }))
}

interface Answer {
  readonly data?: Readonly<Record<string, any>> | null
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]
  readonly ms: number
}

async function askAll(url: string, from: number, times: number): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let number = from; number < from + times; number += 1) {
    const begun = performance.now()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY, variables: { n: 1 + (number % 999) } }),
    })
    answers.push({ ...((await response.json()) as Answer), ms: performance.now() - begun })
  }
  return answers
}

function problemsOf({ data, errors = [], ms }: Answer, failing: OwnerName): string[] {
  const problems: string[] = []
  if (ms > 4500) problems.push(`took ${ms.toFixed(0)} ms`)
  for (const owner of OWNERS.filter((one) => one !== failing))
    if (typeof data?.[ROOTS[owner]]?.name !== 'string')
      problems.push(`${owner} is missing too: ${JSON.stringify(data)}`)
  if (data?.[ROOTS[failing]]?.name != null) problems.push('the failing part is there')
  if (
    !errors.some(
      ({ extensions }) => extensions?.['code'] === 'SUBGRAPH_UNAVAILABLE' && extensions['subgraph'] === failing,
    )
  )
    problems.push(`no error names the owner: ${JSON.stringify(errors)}`)
  return problems
}

async function warm(url: string): Promise<void> {
  await askAll(url, 0, 5)
  for (const owner of ['epci', 'departement'] as const)
    await load({ url, next: (n) => questionOf(owner, n), connections: 4, until: during(1500) })
}

/** Its breaker tries again after ten seconds. */
async function untilBack(url: string, owner: OwnerName, from: number): Promise<void> {
  for (let number = from; number < from + 60; number += 1) {
    const [answer] = await askAll(url, number, 1)
    if (typeof answer?.data?.[ROOTS[owner]]?.name === 'string' && answer.errors === undefined) return
    await during(500)
  }
  throw new Error(`${owner} never came back`)
}
