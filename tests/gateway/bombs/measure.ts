/**
 * A process that sends every bomb to a gateway over the real supergraph, and writes one line of JSON: for each what came back
 * and the milliseconds of CPU it took, then what a normal question gave right after.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../../../gateway/app.ts'
import { createEngine } from '../../../gateway/engine.ts'
import { SILENT } from '../../../gateway/log.ts'
import { localTransports } from '../../../gateway/transport/local.ts'
import { GENERATED, type Bomb } from './generated.ts'

/** What became of a bomb. */
export interface Effect {
  readonly name: string
  readonly code: string
  readonly answeredCode: string | undefined
  readonly status: number
  readonly cpuMs: number
  readonly answerBytes: number
  /** Calls of subgraphs that it caused. */
  readonly calls: number
  /** Whether a normal question got its answer right after. */
  readonly isServingAfter: boolean
}

const SUPERGRAPH = join(import.meta.dirname, '../../../gateway/supergraph.graphql')
const QUESTION = JSON.stringify({ query: '{ nation { name } }' })

/** Those written down, whose first line says the code that refuses them. */
export function readBombs(): readonly Bomb[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.graphql'))
  const written = files.toSorted().map((file) => {
    const query = readFileSync(join(import.meta.dirname, file), 'utf8')
    const [, code = ''] = /^# (\w+):/.exec(query) ?? []
    return { name: file.replace('.graphql', ''), code, body: JSON.stringify({ query }) }
  })
  return [...written, ...GENERATED]
}

async function measure(): Promise<readonly Effect[]> {
  let calls = 0
  const nation = { __typename: 'Nation', id: 'nation:FR', name: 'France' }
  const subgraph = {
    execute: async () => {
      calls += 1
      return { data: { nation } }
    },
  }
  const names = ['commune', 'departement', 'epci', 'national', 'region']
  const transports = localTransports(new Map(names.map((name) => [name, subgraph])))
  const engine = createEngine({ supergraphSdl: readFileSync(SUPERGRAPH, 'utf8'), transports })
  const app = createApp({ engine, log: SILENT })
  await app.ready
  const post = (body: string) =>
    app.handle({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, body })
  const isServing = async () => String((await post(QUESTION)).body).startsWith('{"data":{"nation":{"name":"France"}}')
  // The first questions compile what the following ones use.
  for (let turn = 0; turn < 20; turn++) await isServing()

  const effects: Effect[] = []
  for (const { name, code, body } of readBombs()) {
    const callsBefore = calls
    const before = process.cpuUsage()
    const { status, body: answer } = await post(body)
    const { user, system } = process.cpuUsage(before)
    const { errors } = JSON.parse(String(answer)) as { errors?: { extensions?: { code?: string } }[] }
    const ofBomb = { cpuMs: (user + system) / 1000, calls: calls - callsBefore, answerBytes: Buffer.byteLength(answer) }
    effects.push({
      name,
      code,
      status,
      answeredCode: errors?.[0]?.extensions?.code,
      ...ofBomb,
      isServingAfter: await isServing(),
    })
  }
  await app.close()
  return effects
}

if (import.meta.main) process.stdout.write(JSON.stringify(await measure()))
