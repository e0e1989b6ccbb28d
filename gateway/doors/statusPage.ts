import type { Language } from './accept.ts'
import { escaped, page, table } from './page.ts'
import type { DatasetStatus, OwnerStatus, SourceStatus, Status } from './status.ts'

/** The words of the page. */
const WORDS = {
  fr: {
    title: 'État de Strates',
    colon: '\u00a0:',
    status: {
      ok: ['good', 'Tout répond.'],
      silent: ['fair', 'Une source ne répond plus depuis deux semaines ; ce qui en est détenu reste servi.'],
      quarantine: ['fair', 'Un fichier récent a été refusé ; la version précédente de ce jeu reste servie.'],
      stale: [
        'bad',
        'La dernière version publiée, ou le dernier supergraphe, ne peut pas être servie ; la précédente reste servie.',
      ],
      degraded: ['bad', 'Un propriétaire ne répond pas : sa part manque dans les réponses, le reste est servi.'],
      starting: ['fair', 'Le service démarre.'],
    },
    version: 'Version des données',
    since: 'servie depuis',
    uptime: 'En marche depuis',
    workers: (count: number) => `${count} processus`,
    owners: 'Propriétaires des données',
    ownersCaption: 'Tel que ce processus l’a appris des dernières questions posées.',
    owner: 'propriétaire',
    edition: 'version',
    state: 'état',
    states: { up: ['good', 'répond'], down: ['bad', 'ne répond pas'], unknown: ['soft', 'pas encore interrogé'] },
    lastAnswer: 'dernière réponse',
    lastError: 'dernier échec',
    failures: 'échecs de suite',
    datasets: 'Jeux de données',
    datasetsCaption: 'Ce qui est détenu, et de quand.',
    noDatasets: 'Le propriétaire du catalogue (national) ne répond pas : les jeux ne sont pas connus en ce moment.',
    dataset: 'jeu',
    periods: 'périodes',
    taken: 'récupéré',
    freshness: 'fraîcheur',
    refused: 'refusé',
    simulated: 'SIMULÉ, non officiel',
    sources: 'Sources',
    sourcesCaption: 'La dernière fois qu’on y a cherché des fichiers plus récents, et la prochaine.',
    asked: 'interrogée',
    outcome: 'résultat',
    outcomes: {
      UNCHANGED: ['good', 'rien de nouveau'],
      PUBLISHED: ['good', 'nouvelle version publiée'],
      SAME_FIGURES: ['good', 'autres octets, mêmes chiffres'],
      QUARANTINED: ['fair', 'fichier refusé'],
      FAILED: ['fair', 'échec'],
    },
    silentFor: 'muette depuis deux semaines',
    changed: 'dernier changement',
    next: 'prochaine fois',
    problem: 'motif',
    none: '–',
    machine: 'La même page en JSON pour les machines : en-tête Accept: application/json.',
    freshnesses: {
      FRESH: 'à jour',
      LATE: 'en retard',
      STALE: 'ancien',
      NOT_HELD: 'non détenu',
      SIMULATED: 'simulé',
    },
    locale: 'fr-FR',
    units: ['j', 'h', 'min', 's'],
    ago: (time: string) => `il y a ${time}`,
  },
  en: {
    title: 'Status of Strates',
    colon: ':',
    status: {
      ok: ['good', 'Everything answers.'],
      silent: ['fair', 'A source has not answered for two weeks; what is held of it keeps serving.'],
      quarantine: ['fair', 'A recent file was refused; the version before of that dataset keeps serving.'],
      stale: ['bad', 'The version or the supergraph published last cannot be served; the one before keeps serving.'],
      degraded: ['bad', 'An owner does not answer: its part is missing in answers, the rest is served.'],
      starting: ['fair', 'The service is starting.'],
    },
    version: 'Version of the data',
    since: 'served since',
    uptime: 'Running for',
    workers: (count: number) => `${count} ${count === 1 ? 'process' : 'processes'}`,
    owners: 'Owners of the data',
    ownersCaption: 'As this process learnt it from the last questions asked.',
    owner: 'owner',
    edition: 'version',
    state: 'state',
    states: { up: ['good', 'answers'], down: ['bad', 'does not answer'], unknown: ['soft', 'not asked yet'] },
    lastAnswer: 'last answer',
    lastError: 'last failure',
    failures: 'failures in a row',
    datasets: 'Datasets',
    datasetsCaption: 'What is held, and since when.',
    noDatasets: 'The owner of the catalogue (national) does not answer: the datasets are not known at the moment.',
    dataset: 'dataset',
    periods: 'periods',
    taken: 'retrieved',
    freshness: 'freshness',
    refused: 'refused',
    simulated: 'SIMULATED, not official',
    sources: 'Sources',
    sourcesCaption: 'When newer files were last looked for there, and when they will be next.',
    asked: 'asked',
    outcome: 'outcome',
    outcomes: {
      UNCHANGED: ['good', 'nothing new'],
      PUBLISHED: ['good', 'new version published'],
      SAME_FIGURES: ['good', 'other bytes, same figures'],
      QUARANTINED: ['fair', 'file refused'],
      FAILED: ['fair', 'failed'],
    },
    silentFor: 'silent for two weeks',
    changed: 'last change',
    next: 'next time',
    problem: 'reason',
    none: '–',
    machine: 'The same in JSON for machines: header Accept: application/json.',
    freshnesses: { FRESH: 'fresh', LATE: 'late', STALE: 'stale', NOT_HELD: 'not held', SIMULATED: 'simulated' },
    locale: 'en-GB',
    units: ['d', 'h', 'min', 's'],
    ago: (time: string) => `${time} ago`,
  },
} as const

type Words = (typeof WORDS)[Language]

/** The status as a page. @param now milliseconds since 1970. */
export function statusPage(status: Status, language: Language, now: number): string {
  const words = WORDS[language]
  const [tone, sentence] = words.status[status.status]
  const main = `<p><strong class="${tone}">${sentence}</strong></p>
${[status.data.problem, status.supergraph?.problem].map((problem) => (problem ? `<p lang="en"><code>${escaped(problem.code)}</code> ${escaped(problem.message)}</p>` : '')).join('')}
<p>${words.version}${words.colon} <code>${escaped(status.data.version ?? words.none)}</code>, ${words.since} ${time(status.data.servedSince, now, words)}.
${words.uptime} ${duration(status.process.uptimeSeconds, words)}${status.process.workers === undefined ? '' : ` (${words.workers(status.process.workers)})`}.</p>
${ownersTable(status.owners, now, words)}
${datasetsTable(status.datasets, now, words)}
${sourcesTable(status.sources, now, words)}
<p>${words.machine}</p>`
  return page({ language, title: words.title, here: '/status', main })
}

function ownersTable(owners: readonly OwnerStatus[], now: number, words: Words): string {
  const heads = [words.owner, words.state, words.edition, words.lastAnswer, words.failures, words.lastError]
  const rows = owners.map(({ name, state, problem, dataVersion, lastAnswerAt, lastError, failures }) => {
    const [tone, label] = words.states[state]
    return row(name, [
      `<strong class="${tone}">${label}</strong>${problem === null ? '' : `<br><code>${escaped(problem)}</code>`}`,
      `<code>${escaped(dataVersion ?? words.none)}</code>`,
      lastAnswerAt === null ? words.none : time(lastAnswerAt, now, words),
      `${failures}`,
      lastError === null
        ? words.none
        : `${time(lastError.at, now, words)}<br><code>${escaped(lastError.reason)}</code> <span lang="en">${escaped(lastError.message)}</span>`,
    ])
  })
  return table('owners', words.owners, words.ownersCaption, heads, rows)
}

function datasetsTable(datasets: readonly DatasetStatus[] | null, now: number, words: Words): string {
  if (datasets === null) return `<h2>${words.datasets}</h2>\n<p>${words.noDatasets}</p>`
  const heads = [words.dataset, words.owner, words.edition, words.periods, words.taken, words.freshness, words.refused]
  const rows = datasets.map(({ id, owner, version, periods, lastUpdate, freshness, simulated, quarantine }) =>
    row(id, [
      escaped(owner.id),
      `${version === 'none' ? words.none : `<code>${escaped(version)}</code>`}${simulated ? `<br><strong class="fair">${words.simulated}</strong>` : ''}`,
      spans(periods),
      lastUpdate === null ? words.none : time(lastUpdate, now, words),
      escaped(Object.entries(words.freshnesses).find(([name]) => name === freshness)?.[1] ?? freshness),
      quarantine.length === 0
        ? words.none
        : quarantine
            .map(
              ({ code, message, since }) =>
                `<strong class="fair"><code>${escaped(code)}</code></strong> ${time(since, now, words)}<br><span lang="en">${escaped(message)}</span>`,
            )
            .join('<br>'),
    ]),
  )
  return table('datasets', words.datasets, words.datasetsCaption, heads, rows)
}

/** Nothing where nobody looks for newer files. */
function sourcesTable(sources: readonly SourceStatus[], now: number, words: Words): string {
  if (sources.length === 0) return ''
  const heads = [words.dataset, words.outcome, words.asked, words.changed, words.failures, words.next, words.problem]
  const rows = sources.map(({ dataset, outcome, askedAt, changedAt, failures, nextAt, problem, silent }) => {
    const [tone, label] = words.outcomes[outcome]
    return row(dataset, [
      `<strong class="${tone}">${label}</strong>${silent ? `<br><strong class="bad">${words.silentFor}</strong>` : ''}`,
      time(askedAt, now, words),
      changedAt === null ? words.none : time(changedAt, now, words),
      `${failures}`,
      moment(nextAt, words),
      problem === null
        ? words.none
        : `<code>${escaped(problem.code)}</code> <span lang="en">${escaped(problem.message)}</span>`,
    ])
  })
  return table('sources', words.sources, words.sourcesCaption, heads, rows)
}

const row = (name: string, cells: readonly string[]): string =>
  `<tr><th scope="row"><code>${escaped(name)}</code></th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`

/** A moment, and how long ago it is. */
function time(iso: string, now: number, words: Words): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000))
  return `${moment(iso, words)} (${words.ago(duration(seconds, words))})`
}

function moment(iso: string, { locale }: Words): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return `<time datetime="${escaped(iso)}">${escaped(`${format.format(new Date(iso))} UTC`)}</time>`
}

/** The two largest units of a length of time. */
function duration(seconds: number, { units }: Words): string {
  const counts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  const first = Math.max(
    0,
    counts.findIndex((count) => count > 0),
  )
  const from = seconds === 0 ? counts.length - 1 : first
  return counts
    .slice(from, from + 2)
    .map((count, index) => `${count} ${units[from + index]}`)
    .join(' ')
}

/** Years in a row as one span. */
function spans(years: readonly number[]): string {
  const starts = years.filter((year, index) => years[index - 1] !== year - 1)
  const ends = years.filter((year, index) => years[index + 1] !== year + 1)
  return starts.map((start, index) => (start === ends[index] ? `${start}` : `${start}–${ends[index]}`)).join(', ')
}
