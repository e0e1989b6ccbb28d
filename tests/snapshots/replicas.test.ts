import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../core/environment.ts'
import { openRemote } from '../../core/snapshots/open.ts'
import { createApp } from '../../gateway/app.ts'
import { followSnapshots } from '../../core/snapshots/follow.ts'
import { localEngine } from '../../gateway/process/serving.ts'
import { pushSnapshot } from '../../pipeline/snapshots/push.ts'
import { s3Writable } from '../../pipeline/snapshots/s3Writable.ts'
import { recordingLog } from '../gateway/fixture.ts'
import { startFakeS3, type FakeS3 } from './s3Server.ts'
import { forgetTinyStores, publishHere } from './tinyStores.ts'

const PUBLISHES = 20
const VALUES = [1001, 1002, 1003, 1004]
/** Three owners, each asked for its own number: two versions in one answer would show. */
const QUERY = `query ($n: Int) {
  commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primary { value } } n: name }
  departement(code: "35") { schoolEnrolment(schoolYear: 2021) { primary { value } } communes(first: $n) { totalCount } }
  region(code: "53") { schoolEnrolment(schoolYear: 2021) { primary { value } } }
}`

let folder: string
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await forgetTinyStores()
})

/** A gateway with a folder of its own, which follows the bucket. */
async function startReplica(name: string, { address }: FakeS3) {
  const data = join(folder, name)
  await mkdir(data)
  const { log, logged } = recordingLog()
  const follower = followSnapshots(data, openRemote(address), { everyMs: 250 })
  await follower.ready
  const { engine, live } = await localEngine(readEnvironment({ STRATES_DATA: data }), log)
  const app = createApp({ engine, log, defaultQuery: '{ __typename }', problem: () => follower.problem() })
  await app.ready
  let number = 0
  return {
    data,
    logged,
    live: live!,
    async ask() {
      number += 1
      const { status, body } = await app.handle({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY, variables: { n: 1 + (number % 40) } }),
      })
      return { status, ...JSON.parse(String(body)) }
    },
    async close() {
      await follower.close()
      live?.close()
      await app.close()
    },
  }
}

/** The distinct numbers in an answer. */
const numbersIn = ({ data }: any): number[] => [
  ...new Set<number>(
    ['commune', 'departement', 'region'].map((owner) => data?.[owner]?.schoolEnrolment?.primary?.value),
  ),
]

describe('three replicas of one bucket', () => {
  it('answer each question from one version while 20 are published in a row, and end on the newest', async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-replicas-'))
    const s3 = await startFakeS3()
    const own = join(folder, 'own')
    const remote = s3Writable(s3.address)
    const valueOf = new Map<string, number>()
    const publish = async (value: number) => {
      const name = await publishHere(own, value)
      valueOf.set(name, value)
      await pushSnapshot(own, remote)
      return name
    }
    await publish(VALUES[0]!)
    const replicas = await Promise.all(['a', 'b', 'c'].map((name) => startReplica(name, s3)))
    let isDone = false
    const wrong: unknown[] = []
    const seen = new Set<string>()
    let answers = 0
    const load = replicas.map(async ({ ask }) => {
      while (!isDone) {
        const answer = await ask()
        const name = String(answer.extensions?.dataVersion)
        const [value, ...others] = numbersIn(answer)
        answers += 1
        seen.add(name)
        if (answer.status !== 200 || answer.errors || others.length > 0 || value !== valueOf.get(name))
          wrong.push(answer)
        await wait(80)
      }
    })
    const looking = setInterval(() => replicas.map(({ live }) => void live.refresh()), 800)
    let newest = ''
    for (let time = 1; time <= PUBLISHES; time += 1) {
      // The last is none that a replica may have had before.
      newest = await publish(time === PUBLISHES ? 1005 : VALUES[time % VALUES.length]!)
      await wait(50)
    }
    const isNewest = () => replicas.every(({ live }) => live.current().manifest.dataVersion === newest)
    await expect.poll(isNewest, { timeout: 30_000, interval: 20 }).toBe(true)
    isDone = true
    await Promise.all(load)
    clearInterval(looking)
    const last = await Promise.all(replicas.map(({ ask }) => ask()))
    for (const { close } of replicas) await close()
    const held = await Promise.all(replicas.map(({ data }) => readdir(join(data, 'versions'))))
    await s3.close()
    expect(wrong).toEqual([])
    expect(answers).toBeGreaterThan(20)
    expect(seen.size).toBeGreaterThan(2)
    expect(last.map(({ extensions }) => extensions.dataVersion)).toEqual([newest, newest, newest])
    expect(held.map(({ length }) => length)).toEqual([2, 2, 2])
  }, 60_000)
})
