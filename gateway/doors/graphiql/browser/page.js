// Starts GraphiQL, and tells of each answer what it cost and of which data it is. Read by the browser as it is.

/**
 * @typedef {object} Start What the page was written with.
 * @property {string} firstQuery
 * @property {string} [simulatedQuery]
 * @property {{ name: string, text: string, variables: Record<string, unknown> }} [example]
 * @property {Record<string, string>} workers Where each worker of the editor is.
 */

/**
 * @typedef {object} Answer An answer of `/graphql`.
 * @property {unknown} [data]
 * @property {{ message: string, extensions?: { code?: string, subgraph?: string } }[]} [errors]
 * @property {{ dataVersion?: string, cost?: { requested: number, limit: number, remaining?: number } }} [extensions]
 */

/** @typedef {{ query: string, operationName?: string | null, variables?: Record<string, unknown> }} Asked */

const ENDPOINT = '/graphql'

/** The longest address that is written: a server has to take it with all its headers. */
const LONGEST_ADDRESS = 8000

const WORDS = {
  fr: {
    asking: 'Question posée…',
    cost: 'Coût',
    points: 'points',
    of: 'sur',
    left: 'reste',
    version: 'Données',
    noVersion: 'Données sans version',
    cache: 'Cache',
    simulated: 'Attention : cette réponse contient des chiffres simulés.',
    maySimulate: (/** @type {string} */ ids) =>
      `Attention : ce service a des données simulées (${ids}) ; le champ « simulated » dit quels chiffres le sont.`,
    errors: (/** @type {number} */ count) => (count === 1 ? '1 erreur' : `${count} erreurs`),
    from: 'de',
    unreached: 'Le service n’a pas répondu.',
    variables: 'Les variables de l’adresse ne sont pas un objet JSON : corrigez-les dans l’éditeur.',
    editors: { 'operation.graphql': 'Requête', 'variables.json': 'Variables', 'response.json': 'Réponse' },
  },
  en: {
    asking: 'Asking…',
    cost: 'Cost',
    points: 'points',
    of: 'of',
    left: 'left',
    version: 'Data',
    noVersion: 'Data without a version',
    cache: 'Cache',
    simulated: 'Careful: this answer holds simulated figures.',
    maySimulate: (/** @type {string} */ ids) =>
      `Careful: this service has simulated data (${ids}); the field “simulated” says which figures are.`,
    errors: (/** @type {number} */ count) => (count === 1 ? '1 error' : `${count} errors`),
    from: 'of',
    unreached: 'The service did not answer.',
    variables: 'The variables in the address are no JSON object: mend them in the editor.',
    editors: { 'operation.graphql': 'Query', 'variables.json': 'Variables', 'response.json': 'Answer' },
  },
}

const language = document.documentElement.lang === 'en' ? 'en' : 'fr'
const words = WORDS[language]
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
const start = /** @type {Start} */ (JSON.parse(elementOf('start').textContent ?? '{}'))

/** Which datasets are invented; asked once, with the first answer. @type {Promise<string[]> | undefined} */
let invented

/** Whether Tab leaves an editor, as long as nobody presses Ctrl + M. */
let isTabFree = false

// The editor reads this when its script runs, which is after this one and before the document is ready.
Object.assign(globalThis, {
  MonacoEnvironment: {
    globalAPI: true,
    getWorkerUrl: (/** @type {unknown} */ _, /** @type {string} */ label) => start.workers[label],
  },
})
document.addEventListener('DOMContentLoaded', run)

function run() {
  const given = readAddress()
  const { YogaGraphiQL, monaco } = /** @type {any} */ (globalThis)
  monaco.editor.onDidCreateEditor(open)
  let { query = start.firstQuery, variables } = given
  YogaGraphiQL.renderYogaGraphiQL(elementOf('graphiql'), {
    title: '',
    logo: '',
    defaultQuery: start.firstQuery,
    ...given,
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
    fetcher: ask,
    onEditQuery: (/** @type {string} */ text) => writeAddress((query = text), variables),
    onEditVariables: (/** @type {string} */ text) => writeAddress(query, (variables = text)),
  })
  closeExamplesOutside()
  keepOtherLanguage()
}

/** Gives an editor a name. The first gives Tab back to the page, for all: nobody is to be caught in one. @param {any} editor */
function open(editor) {
  editor.onDidChangeModel(() => {
    if (!isTabFree) freeTab(editor)
    const path = String(editor.getModel()?.uri.path ?? '')
    const [, name] = Object.entries(words.editors).find(([end]) => path.endsWith(end)) ?? []
    if (name !== undefined) editor.updateOptions({ ariaLabel: name })
  })
}

/** Nobody pressed a key: the editor need not say aloud, in English, that it did. @param {any} editor */
function freeTab(editor) {
  isTabFree = true
  editor.trigger('page', 'editor.action.toggleTabFocusMode', null)
  for (const alert of document.querySelectorAll('.monaco-alert')) alert.textContent = ''
}

/** What the address asks for: a document, or an example with some of its variables. */
function readAddress() {
  const search = new URLSearchParams(location.search)
  const query = search.get('query') ?? start.example?.text
  const text = search.get('variables') || undefined
  const isExample = search.get('query') === null && start.example !== undefined
  const byDefault = isExample ? start.example?.variables : undefined
  const given = text === undefined ? {} : objectIn(text)
  if (given === undefined) tell([words.variables], true)
  const variables =
    given === undefined ? text : (text ?? byDefault) ? JSON.stringify({ ...byDefault, ...given }, null, 2) : undefined
  return { ...(query !== undefined && { query }), ...(variables !== undefined && { variables }) }
}

/** The object that a text is; undefined for any other. @param {string} text @returns {object | undefined} */
function objectIn(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Keeps the address such that it opens what is written. @param {string} query @param {string} [variables] */
function writeAddress(query, variables) {
  const address = new URL(location.href)
  const search = address.searchParams
  for (const name of ['operation', 'query', 'variables']) search.delete(name)
  if (start.example !== undefined && query === start.example.text) search.set('operation', start.example.name)
  else search.set('query', query)
  if (variables !== undefined && variables.trim() !== '') search.set('variables', variables)
  if (address.href.length > LONGEST_ADDRESS) for (const name of ['query', 'variables']) search.delete(name)
  history.replaceState(history.state, '', address)
  keepOtherLanguage()
}

/** The link to the other language leads to what the address says. */
function keepOtherLanguage() {
  const other = /** @type {HTMLAnchorElement} */ (elementOf('other'))
  const address = new URL(location.href)
  address.searchParams.set('lang', other.hreflang)
  other.href = address.href
}

/** Asks what was written, and tells of the answer. @param {Asked} asked @returns {Promise<Answer>} */
async function ask(asked) {
  // Asked by GET, the schema stays with the browser for as long as it is the same.
  if (asked.operationName === 'IntrospectionQuery') return await readAnswer(await fetchOf(asked.query))
  tell([words.asking])
  const began = performance.now()
  const body = JSON.stringify(asked)
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  try {
    const response = await fetch(ENDPOINT, { method: 'POST', headers, body })
    const answer = await readAnswer(response)
    const facts = factsOf(answer, response, performance.now() - began)
    tell(facts, ...(await warningsOf(answer)))
    return answer
  } catch (error) {
    tell([words.unreached], true)
    throw error
  }
}

/** @param {string} query */
const fetchOf = (query) =>
  fetch(`${ENDPOINT}?${new URLSearchParams({ query })}`, { headers: { accept: 'application/json' } })

/** An answer; of a problem outside GraphQL, what it says. @param {Response} response @returns {Promise<Answer>} */
async function readAnswer(response) {
  const body = await response.json()
  return 'data' in body || 'errors' in body ? body : { errors: [{ message: body.detail ?? response.statusText }] }
}

/** @param {Answer} answer @param {Response} response @param {number} took @returns {string[]} */
function factsOf({ extensions = {} }, response, took) {
  const { cost, dataVersion } = extensions
  // Without a limit nothing is counted, and nothing is left.
  const isLimited = response.headers.has('ratelimit') && cost?.remaining !== undefined
  const left = isLimited ? `, ${words.left} ${number.format(cost?.remaining ?? 0)}` : ''
  const paid =
    cost && `${number.format(cost.requested)} ${words.of} ${number.format(cost.limit)} ${words.points}${left}`
  const cache = response.headers.get('cache-status')?.replace(/^strates; /, '')
  return [
    ...(paid === undefined ? [] : [`${words.cost} : ${paid}`]),
    dataVersion === undefined ? words.noVersion : `${words.version} : ${dataVersion}`,
    ...(cache === undefined ? [] : [`${words.cache} : ${cache}`]),
    `${number.format(Math.round(took))} ms`,
  ].map((fact) => (language === 'en' ? fact.replace(' :', ':') : fact))
}

/** @param {Answer} answer @returns {Promise<string[]>} */
async function warningsOf({ data, errors = [] }) {
  const owners = [...new Set(errors.flatMap(({ extensions }) => extensions?.subgraph ?? []))]
  const failed = `${words.errors(errors.length)}${owners.length > 0 ? ` ${words.from} ${owners.join(', ')}` : ''}`
  return [...(errors.length > 0 ? [failed] : []), ...(data == null ? [] : await simulatedIn(data))]
}

/** Whether figures are invented, as they say of themselves; where they do not, whether any may be. @param {unknown} data */
async function simulatedIn(data) {
  const said = valuesOf(data, 'simulated')
  if (said.includes(true)) return [words.simulated]
  if (said.length > 0) return []
  invented ??= readInvented()
  const ids = await invented
  return ids.length > 0 ? [words.maySimulate(ids.join(', '))] : []
}

/** @returns {Promise<string[]>} */
async function readInvented() {
  if (start.simulatedQuery === undefined) return []
  const { data } = await readAnswer(await fetchOf(start.simulatedQuery)).catch(() => /** @type {Answer} */ ({}))
  const { datasets } = /** @type {{ datasets?: { id: string, simulated: boolean }[] | null }} */ (data ?? {})
  return (datasets ?? []).filter(({ simulated }) => simulated).map(({ id }) => id)
}

/** The values of a field, wherever it stands. @param {unknown} value @param {string} name @returns {unknown[]} */
function valuesOf(value, name) {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap((one) => valuesOf(one, name))
  return name in value ? [/** @type {Record<string, unknown>} */ (value)[name], ...inside] : inside
}

/** Writes the line, which screen readers read aloud. @param {string[]} facts @param {...(string | true)} warnings */
function tell(facts, ...warnings) {
  const isWarning = warnings.includes(true)
  const texts = warnings.filter((one) => one !== true)
  const parts = [
    ...facts.map((text) => spanOf(text, isWarning ? 'warning' : 'fact')),
    ...texts.map((text) => spanOf(text, 'warning')),
  ]
  elementOf('told').replaceChildren(...parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part])))
}

/** @param {string} text @param {string} kind */
function spanOf(text, kind) {
  const span = document.createElement('span')
  span.className = kind
  span.textContent = text
  return span
}

/** The list of examples lies over GraphiQL: Escape, or a click beside it, closes it. */
function closeExamplesOutside() {
  const list = /** @type {HTMLDetailsElement} */ (elementOf('examples'))
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !list.contains(target)) list.open = false
  })
  list.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    list.open = false
    list.querySelector('summary')?.focus()
  })
}

/** @param {string} id @returns {HTMLElement} */
function elementOf(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element ${id}`)
  return found
}
