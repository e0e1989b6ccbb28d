import { createHash } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OWNERS } from '../../core/observations/owner.ts'
import type { Manifest } from '../../core/store/manifest.ts'
import { currentVersion } from '../../core/store/current.ts'
import { openStore } from '../../core/store/open.ts'
import { SOURCES } from '../fixtures/store.ts'
import { ownFolder, ownStore, run, start } from '../process/program.ts'
import { promise, type Scenario } from './scenario.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes.csv'

/** `kill -9` at random moments of an ingest. */
export const kills: Scenario = {
  name: 'kills',
  what: 'kill -9 of an ingest at random moments, then a look at the store, then an ingest to the end',
  async run(effort) {
    const times = effort === 'QUICK' ? 2 : 100
    const targets = await Promise.all([5, 6].map(targetOf))
    const milliseconds = Math.max(...targets.map((target) => target.milliseconds))
    const data = await ownStore()
    const wrong: string[] = []
    const found = { old: 0, new: 0 }
    let current = await currentVersion(data)
    for (let time = 0; time < times; time += 1) {
      // Always one that would make another version than the one that stands.
      const target = targets.find(({ version }) => version !== current) ?? targets[0]!
      const moment = Math.random() * milliseconds
      const ingest = start('pipeline/main.ts', ['--no-feeds', '--from', target.folder], { STRATES_DATA: data })
      await Promise.race([sleep(moment), ingest.ended])
      ingest.send('SIGKILL')
      await ingest.ended
      const version = await wholeVersion(data).catch((error: unknown) => String(error))
      if (version === current) found.old += 1
      else if (version === target.version) found.new += 1
      else wrong.push(`killed after ${moment.toFixed(0)} ms: ${version}`)
      current = version
    }
    for (const { folder, version } of targets) {
      await run('pipeline/main.ts', ['--no-feeds', '--from', folder], { STRATES_DATA: data })
      const last = await wholeVersion(data).catch((error: unknown) => String(error))
      if (last !== version) wrong.push(`run again, it makes ${last} instead of ${version}`)
    }
    return [
      promise(
        'the old version or the new one, whole, each time; run again, the same content',
        `${times} kills: ${found.old} times the old version, ${found.new} times the new one`,
        wrong,
      ),
    ]
  },
}

/** What an ingest makes of sources of its own when nobody kills it. */
async function targetOf(pupils: number) {
  const folder = await changedSources(pupils)
  const data = await ownStore()
  const begun = performance.now()
  await run('pipeline/main.ts', ['--no-feeds', '--from', folder], { STRATES_DATA: data })
  return { folder, version: await currentVersion(data), milliseconds: performance.now() - begun }
}

/** The fixture with one école more: what an ingest makes of it is another version. */
export async function changedSources(pupils = 5): Promise<string> {
  const folder = await ownFolder()
  await cp(SOURCES, folder, { recursive: true })
  const row = `2022;ILLE-ET-VILAINE;RENNES;0359999Z;ECOLE PRIMAIRE;OMEGA;PUBLIC;1;${pupils};${pupils};0;0;0;0;0;0;0\n`
  await writeFile(join(folder, ECOLES), (await readFile(join(folder, ECOLES), 'utf8')) + row)
  return folder
}

/** The current version, after every file of it was held against its manifest. */
async function wholeVersion(data: string): Promise<string> {
  const version = await currentVersion(data)
  const folder = join(data, 'versions', version ?? '')
  const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  for (const { name, sha256 } of files) {
    const bytes = await readFile(join(folder, name))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${name} is torn`)
  }
  return (await openStore(data, OWNERS)).manifest.dataVersion
}
