import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { currentVersion } from '../../core/store/current.ts'
import { ownStore, run } from '../process/program.ts'
import { startGateway, stop, type RunningGateway } from './gateways.ts'
import { changedSources } from './kills.ts'
import { during, load, type Question, type Reply } from './load.ts'
import { promise, type Scenario } from './scenario.ts'

/** Three owners and a sum over them: parts of two versions would not add up. */
const QUERY = `query ($first: Int!) {
  commune(code: "35238") { schoolEnrolment(schoolYear: 2022) { primary { value } lowerSecondary { value } upperSecondary { value } total { value } } }
  departement(code: "35") { communes(first: $first) { totalCount } schoolEnrolment(schoolYear: 2022) { primary { value } } }
}`

/** New data while questions are asked. */
export const swaps: Scenario = {
  name: 'swaps',
  what: 'the store goes back and forth between two versions while 8 connections ask two workers',
  async run(effort) {
    const times = effort === 'QUICK' ? 5 : 200
    const data = await ownStore()
    const one = await currentVersion(data)
    await run('pipeline/main.ts', ['--no-feeds', '--from', await changedSources()], { STRATES_DATA: data })
    const other = await currentVersion(data)
    if (one === undefined || other === undefined || one === other) throw new Error('there are no two versions to swap')
    const gateway = await startGateway(data, ['--workers', '2'])
    const seen = new Map<string, number>()
    try {
      const expected = new Map([
        [other, await figuresOf(gateway)],
        [one, await pointTo(data, one).then(() => figuresWhen(gateway, one))],
      ])
      if (expected.get(one) === expected.get(other)) throw new Error('the two versions say the same')
      const done = swapping(data, [other, one], times)
      const { requests, failures } = await load({
        url: gateway.url,
        next: (number) => question(number, expected, seen),
        connections: 8,
        until: done,
      })
      await done
      return [
        promise(
          'each answer is of one version alone, which it names; no error',
          `${times} swaps, ${requests} answers: ${[...seen].map(([version, count]) => `${count} of ${version}`).join(', ')}`,
          [...failures, ...(seen.size === 2 ? [] : ['only one version was ever seen'])],
        ),
      ]
    } finally {
      await stop(gateway)
    }
  },
}

async function swapping(data: string, versions: readonly string[], times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await pointTo(data, versions[time % versions.length]!)
    // The store is looked at once a second.
    await during(900 + Math.random() * 600)
  }
  await during(1500)
}

/** As a publish ends: one rename. */
async function pointTo(data: string, version: string): Promise<void> {
  const temporary = join(data, '.current-chaos')
  await writeFile(temporary, `${version}\n`)
  await rename(temporary, join(data, 'current'))
}

function question(number: number, expected: ReadonlyMap<string, string>, seen: Map<string, number>): Question {
  return {
    query: QUERY,
    // Some are answered from memory, some are new.
    variables: { first: 1 + (number % 50) },
    check(reply) {
      const version = String(reply.body?.extensions?.dataVersion)
      seen.set(version, (seen.get(version) ?? 0) + 1)
      const figures = figuresIn(reply)
      return figures === expected.get(version)
        ? undefined
        : `${version} said ${figures}: ${JSON.stringify(reply.body?.errors ?? '')}`
    },
  }
}

/** The figures of an answer, without what depends on the question. */
function figuresIn({ body }: Reply): string {
  const { commune, departement } = body?.data ?? {}
  return JSON.stringify([commune?.schoolEnrolment, departement?.schoolEnrolment])
}

async function askOnce({ url }: RunningGateway): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { first: 1000 } }),
  })
  return { status: response.status, body: await response.json() }
}

const figuresOf = async (gateway: RunningGateway): Promise<string> => figuresIn(await askOnce(gateway))

/** Once every worker answers from a version: ten times in a row. */
async function figuresWhen(gateway: RunningGateway, version: string): Promise<string> {
  for (let right = 0, tries = 0; tries < 200; tries += 1) {
    const reply = await askOnce(gateway)
    right = reply.body?.extensions?.dataVersion === version ? right + 1 : 0
    if (right === 10) return figuresIn(reply)
    await during(100)
  }
  throw new Error(`the gateway never answered from ${version}`)
}
