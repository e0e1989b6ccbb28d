import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs what the README says, as a newcomer would: `npm start` with the options given, the README's query, a second start.
 * Prints what was seen; ends with 1 when an answer is not as the README says.
 */
const REPOSITORY = join(import.meta.dirname, '..')
const options = process.argv.slice(2)
const data = await mkdtemp(join(tmpdir(), 'strates-readme-'))
const problems: string[] = []
let started = 0

try {
  const first = await start()
  console.log(`first start: ready after ${first.seconds.toFixed(1)} s`)
  await askFiveTiers(first.url)
  await askTheReadmeQuery(first.url)
  await stop(first.process)
  const second = await start()
  console.log(`second start: ready after ${second.seconds.toFixed(1)} s`)
  if (second.seconds > 10) problems.push(`the second start took ${second.seconds.toFixed(1)} s`)
  await stop(second.process)
} catch (error) {
  problems.push((error as Error).message)
} finally {
  await rm(data, { recursive: true, force: true })
}
for (const problem of problems) console.error(`NOT AS THE README SAYS: ${problem}`)
process.exitCode = problems.length === 0 ? 0 : 1

interface Running {
  readonly process: ChildProcess
  readonly url: string
  readonly seconds: number
}

/** `npm start`, with the options on the first run only: the second one serves the store that is there. */
async function start(): Promise<Running> {
  const begun = performance.now()
  const given = started === 0 ? options : []
  started += 1
  const child = spawn('npm', ['start', '-s', '--', ...given, '--port', '0'], {
    cwd: REPOSITORY,
    // What it builds is invented: it is published nowhere.
    env: { ...process.env, DATABASE_URL: '', STRATES_STORE_URL: '', STRATES_DATA: data, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  let seen = ''
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`npm start was not ready after 300 s: ${seen}`)), 300_000)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text)
      seen += text
      const found = /is ready on (http:\S+)/.exec(seen)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`npm start ended with ${code}`))
    })
  })
  return { process: child, url, seconds: (performance.now() - begun) / 1000 }
}

/** Asks; what it answers, with the problem where there were errors. */
async function ask(url: string, query: string): Promise<Readonly<Record<string, Card>> | undefined> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data: answer, errors } = (await response.json()) as { data?: Record<string, Card>; errors?: unknown }
  if (errors !== undefined) problems.push(`errors: ${JSON.stringify(errors)}`)
  return answer
}

/** The query as it stands in the README: it has figures on any store, and those shown there where the data is simulated. */
async function askTheReadmeQuery(url: string): Promise<void> {
  const readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8')
  const answer = await ask(url, /```graphql\n([^]*?)```/.exec(readme)?.[1] ?? '')
  const shown = JSON.parse(/```json\n([^]*?)```/.exec(readme)?.[1] ?? '{}') as { epci?: Card }
  const seen = answer?.['epci']?.schoolEnrolment
  if (seen?.primary?.value == null) problems.push('the query of the README has no pupils of the primary cycle')
  if (seen?.primary?.simulated !== true) return
  for (const cycle of ['primary', 'lowerSecondary', 'upperSecondary', 'total'] as const) {
    const expected = shown.epci?.schoolEnrolment[cycle]?.value
    if (seen[cycle]?.value !== expected)
      problems.push(`${cycle} is ${seen[cycle]?.value}, the README shows ${expected}`)
  }
}

async function askFiveTiers(url: string): Promise<void> {
  const answer = await ask(url, await readFile(join(REPOSITORY, 'operations', 'enrolment-by-tier.graphql'), 'utf8'))
  for (const tier of ['commune', 'epci', 'departement', 'region', 'nation']) {
    const card = answer?.[tier]
    const figures = card && [
      card.population,
      card.schoolEnrolment.primary,
      card.schoolEnrolment.lowerSecondary,
      card.schoolEnrolment.upperSecondary,
      card.schoolEnrolment.total,
    ]
    if (!card || !figures) problems.push(`no ${tier}`)
    else if (figures.some((figure) => !figure?.provenance.owner.name || !figure.provenance.licence.title))
      problems.push(`${tier}: a figure without owner or licence`)
    else
      console.log(`${card.name}: ${figures.map((figure) => `${figure?.value ?? '–'} ${figure?.status}`).join(' | ')}`)
  }
  if (answer?.['epci']?.population?.value !== 480_178) problems.push('Rennes Métropole has not 480,178 inhabitants')
}

interface Figure {
  readonly value: number | null
  readonly status: string
  readonly simulated?: boolean
  readonly provenance: { readonly owner: { readonly name: string }; readonly licence: { readonly title: string } }
}

interface Card {
  readonly name: string
  readonly population: Figure | null
  readonly schoolEnrolment: Readonly<Record<'primary' | 'lowerSecondary' | 'upperSecondary' | 'total', Figure | null>>
}

/** Ends npm and what it started: they are a process group of their own. */
async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  await ended
}
