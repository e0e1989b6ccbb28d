import { state } from './state.js'

/**
 * @import { Asked, Name, Problem, Reply } from './answers.d.ts'
 * @typedef {Readonly<Record<string, string | number | readonly string[] | null | undefined>>} Variables
 */

/** What was asked, by its address. @type {Map<string, Reply<any>>} */
const known = new Map()

/** The most answers that are held; the oldest go first. */
const HELD = 200

/** Called when an answer has come. */
let onAnswer = () => {}

/** @param {() => void} listener called when an answer has come: what is shown may be other now. */
export const whenAnswered = (listener) => void (onAnswer = listener)

/**
 * Asks one of `operations/`, once: at first it is loading; the page is drawn anew when the answer is there.
 * @template {Name} N
 * @param {N} name
 * @param {Variables} variables those that are null are left out, and have their default
 * @returns {Asked<N>}
 */
export const ask = (name, variables) =>
  askAt(addressIn('', name, variables), (address) => load(address, (body) => body.data))

/**
 * Asks for a file of the service, once, as {@link ask} does; what is not there is null.
 * @template T
 * @param {string} address a path
 * @returns {Reply<T | null>}
 */
export const askFile = (address) =>
  askAt(address, () => load(address, (body, status) => (status === 404 ? null : status < 400 ? body : undefined)))

/**
 * Asks an address, once.
 * @template T
 * @param {string} address
 * @param {(address: string) => Promise<Reply<T>>} how fetches and reads it; fails never, but tells of a problem
 * @returns {Reply<T>}
 */
export function askAt(address, how) {
  const found = known.get(address)
  if (found) return found
  if (known.size >= HELD) known.delete(known.keys().next().value ?? '')
  known.set(address, { state: 'loading' })
  how(address).then((asked) => {
    known.set(address, asked)
    if (asked.state !== 'answered' || asked.errors.length > 0) troubled.add(address)
    if (asked.state === 'answered') {
      simulatedSeen ||= asked.simulated
      version = asked.version ?? version
    }
    onAnswer()
  })
  return { state: 'loading' }
}

/** Forgets what an address answered, so that it is asked again when it is next shown. @param {string} address */
export const forget = (address) => void known.delete(address)

/** What failed or came in part: it stays shown until it is asked again. @type {Set<string>} */
const troubled = new Set()

let simulatedSeen = false
/** @type {string | null} */
let version = null

/** Whether any answer held invented figures. */
export const isAnySimulated = () => simulatedSeen

/** The version of the data of the newest answer; null before there is one. */
export const versionSeen = () => version

/** Forgets what failed or came in part, so that it is asked again when it is next shown. */
export function forgetTrouble() {
  for (const address of troubled) known.delete(address)
  troubled.clear()
}

/** @param {string} address @param {(body: any, status: number) => any} read @returns {Promise<Reply<any>>} */
async function load(address, read) {
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    const body = await response.json()
    const data = read(body, response.status)
    if (data === undefined) return { state: 'failed', problem: problemOf(response.status, body) }
    return {
      state: 'answered',
      data,
      errors: body.errors ?? [],
      simulated: response.headers.get('strates-simulated') === 'true',
      version: response.headers.get('strates-data-version'),
    }
  } catch (error) {
    return { state: 'failed', problem: { status: 0, code: 'UNREACHABLE', detail: `${error}` } }
  }
}

/** @param {number} status @param {{ code?: string, detail?: string, title?: string }} body @returns {Problem} */
const problemOf = (status, { code, detail, title }) => ({
  status,
  code: code ?? `HTTP_${status}`,
  detail: detail ?? title ?? '',
})

/**
 * The address of a question in a format: `.csv`, or nothing for JSON.
 * @param {'' | '.csv' | '.ndjson' | '.parquet' | '.geojson' | '.jsonstat'} extension @param {Name} name @param {Variables} variables
 */
export function addressIn(extension, name, variables) {
  const parameters = new URLSearchParams()
  for (const [key, value] of given(variables)) parameters.set(key, Array.isArray(value) ? value.join(',') : `${value}`)
  const query = parameters.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')
  return `/v1/${name}${extension}${query === '' ? '' : `?${query}`}`
}

/** The page where the question can be changed in GraphQL. @param {Name} name @param {Variables} variables */
export function graphiqlOf(name, variables) {
  const parameters = new URLSearchParams({ operation: name })
  const entries = given(variables)
  if (entries.length > 0) parameters.set('variables', JSON.stringify(Object.fromEntries(entries)))
  parameters.set('lang', state.language)
  return `/graphiql?${parameters}`
}

/** A line for a shell. @param {Name} name @param {Variables} variables */
export const curlOf = (name, variables) =>
  `curl '${new URL(addressIn('', name, variables), location.origin).href.replaceAll("'", '%27')}'`

/** @param {Variables} variables */
const given = (variables) => Object.entries(variables).filter(([, value]) => value !== null && value !== undefined)
