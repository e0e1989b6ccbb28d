import { pathToFileURL } from 'node:url'
import { currentVersion } from '../../core/store/current.ts'
import { ownFolder, ownStore, run } from '../process/program.ts'
import { startGateway, stop, type RunningGateway } from './gateways.ts'
import { changedSources } from './kills.ts'
import { during, load, type LoadResult, type Reply } from './load.ts'
import { promise, type Scenario } from './scenario.ts'

/** Three owners and a sum over them, which parts of two versions would not give. */
const QUERY = `query ($first: Int!) {
  commune(code: "35238") { schoolEnrolment(schoolYear: 2022) { primary { value } lowerSecondary { value } upperSecondary { value } total { value } } }
  departement(code: "35") { communes(first: $first) { totalCount } schoolEnrolment(schoolYear: 2022) { primary { value } } }
}`

const REPLICAS = 3
/** How long a replica may take to answer from what was published, in seconds. */
const AIM_SECONDS = 60

/** What a version says of itself: the pupils of one école that no other version has. */
type PupilsOf = Map<string, number>

/** One publish after the other, by the program, while three replicas are asked. */
export const replicas: Scenario = {
  name: 'replicas',
  what: 'publishes in a row by one program, while 4 connections ask each of three others, which follow',
  async run(effort) {
    const times = effort === 'QUICK' ? 3 : 20
    const shared = { STRATES_STORE_URL: pathToFileURL(await ownFolder()).href, STRATES_STORE_EVERY: '5' }
    const data = await ownStore()
    const pupilsOf: PupilsOf = new Map()
    await publish(data, 1, pupilsOf, shared)
    const all = await Promise.all(
      Array.from({ length: REPLICAS }, async () => startGateway(await ownFolder(), ['--workers', '1'], shared)),
    )
    const seen = new Set<string>()
    try {
      let newest = ''
      let seconds = Number.NaN
      const done = (async () => {
        for (let time = 0; time < times; time += 1) newest = await publish(data, time + 2, pupilsOf, shared)
        const begun = performance.now()
        await Promise.all(all.map((gateway) => answersFrom(gateway, newest)))
        seconds = (performance.now() - begun) / 1000
      })()
      const loads = await Promise.all(all.map((gateway) => asking(gateway, done, pupilsOf, seen)))
      await done
      const asked = loads.reduce((sum, { requests }) => sum + requests, 0)
      return [
        promise(
          'each answer is of one version alone, which it names; no error',
          `${times} publishes, ${asked} answers of ${seen.size} versions`,
          [...loads.flatMap(({ failures }) => failures), ...(seen.size > 1 ? [] : ['only one version was ever seen'])],
        ),
        promise(
          `all ${REPLICAS} answer from the newest within ${AIM_SECONDS} s of the last publish`,
          `${seconds.toFixed(1)} s`,
          seconds <= AIM_SECONDS ? [] : [`${seconds.toFixed(1)} s`],
        ),
      ]
    } finally {
      await Promise.all(all.map(stop))
    }
  },
}

/** @returns the version that was published. */
async function publish(
  data: string,
  pupils: number,
  pupilsOf: PupilsOf,
  shared: Readonly<Record<string, string>>,
): Promise<string> {
  const given = ['--no-feeds', '--from', await changedSources(pupils)]
  const { code, stderr } = await run('pipeline/main.ts', given, { STRATES_DATA: data, ...shared })
  const version = await currentVersion(data)
  if (code !== 0 || version === undefined || pupilsOf.has(version)) throw new Error(`not published: ${stderr}`)
  pupilsOf.set(version, pupils)
  return version
}

function asking(
  { url }: RunningGateway,
  until: Promise<unknown>,
  pupilsOf: PupilsOf,
  seen: Set<string>,
): Promise<LoadResult> {
  let others: number | undefined
  return load({
    url,
    connections: 4,
    perSecond: 30,
    until,
    next: (number) => ({
      query: QUERY,
      variables: { first: 1 + (number % 50) },
      check(reply) {
        const version = String(reply.body?.extensions?.dataVersion)
        seen.add(version)
        const { primary, sum, total, departement } = figuresIn(reply)
        // What stays the same from one version to the next.
        others ??= primary - (pupilsOf.get(version) ?? Number.NaN)
        // A replica may answer from a version whose program has not ended yet.
        const expected = pupilsOf.has(version) ? others + (pupilsOf.get(version) ?? 0) : primary
        const isRight = primary === expected && sum === total && departement >= primary
        return isRight ? undefined : `${version}: ${JSON.stringify(reply.body)}`
      },
    }),
  })
}

function figuresIn({ body }: Reply) {
  const enrolment = body?.data?.commune?.schoolEnrolment
  const parts = [enrolment?.primary, enrolment?.lowerSecondary, enrolment?.upperSecondary]
  return {
    primary: Number(enrolment?.primary?.value ?? Number.NaN),
    sum: parts.reduce((sum, part) => sum + (part?.value ?? Number.NaN), 0),
    total: enrolment?.total?.value,
    departement: Number(body?.data?.departement?.schoolEnrolment?.primary?.value ?? Number.NaN),
  }
}

/** Settles when a gateway answers from a version. */
async function answersFrom({ url }: RunningGateway, version: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'query ($first: Int!) { departement(code: "35") { communes(first: $first) { totalCount } } }',
        variables: { first: 1 + (tries % 997) },
      }),
    })
    const { extensions } = (await response.json()) as { extensions?: { dataVersion?: string } }
    if (extensions?.dataVersion === version) return
    await during(100)
  }
}
