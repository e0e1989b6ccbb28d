import type { Licence } from './licence.ts'
import type { Owner } from './observation.ts'

/** What the catalogue tells of a dataset, as `datasets` answers it. */
export interface CatalogueEntry {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly owner: Pick<Owner, 'name' | 'producer' | 'publisher'>
  readonly licence: Licence
  readonly attribution: string
  readonly sourceUrl: string
  readonly updateFrequency: string
  readonly periods: readonly number[]
  readonly lastUpdate: string | null
  readonly version: string
  readonly simulated: boolean
}

/** A file that holds figures of a dataset. */
export interface CatalogueFile {
  /** Its name under `/v1/feeds/`, the extension included. */
  readonly name: string
  readonly title: string
  readonly mediaType: string
  readonly bytes?: number
  readonly dataset?: string
  /** The name of the description of its columns. */
  readonly schema?: string
}

/** A JSON-LD node. */
export type Node = Readonly<Record<string, unknown>>

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

/** The controlled vocabularies that DCAT-AP asks for (Publications Office of the European Union). */
const AUTHORITY = 'http://publications.europa.eu/resource/authority'

const FREQUENCIES: Readonly<Record<string, string>> = { ANNUAL: 'ANNUAL', CONTINUOUS: 'CONT' }

/**
 * The catalogue as DCAT-AP in JSON-LD: for the portals that harvest it. Each dataset is offered through the GraphQL API and
 * as files, and names the page of its publisher. Same entries, same document.
 * @param baseUrl where the service answers, without a slash at the end.
 * @param files the files of all datasets; default: none.
 */
export function catalogOf(
  entries: readonly CatalogueEntry[],
  baseUrl: string,
  files: readonly CatalogueFile[] = [],
): Node {
  const catalog = `${baseUrl}/v1/catalog.jsonld`
  const service = `${catalog}#api`
  return {
    '@context': CONTEXT,
    '@id': catalog,
    '@type': 'dcat:Catalog',
    'dct:title': french('Strates : données territoriales consolidées'),
    'dct:description': english(
      'Public data consolidated over commune, EPCI, département, région and nation, each value with its owner, licence and coverage.',
    ),
    'dct:publisher': agent('Strates'),
    'dct:language': { '@id': `${AUTHORITY}/language/FRA` },
    'dct:spatial': { '@id': `${AUTHORITY}/country/FRA` },
    'dcat:service': {
      '@id': service,
      '@type': 'dcat:DataService',
      'dct:title': english('Strates GraphQL API'),
      'dcat:endpointURL': { '@id': `${baseUrl}/graphql` },
      'dcat:servesDataset': entries.map(({ id }) => ({ '@id': `${catalog}#${id}` })),
    },
    'dcat:dataset': entries.map((entry) => datasetOf(entry, { catalog, service, baseUrl, files })),
  }
}

interface Offer {
  readonly catalog: string
  readonly service: string
  readonly baseUrl: string
  readonly files: readonly CatalogueFile[]
}

function datasetOf(entry: CatalogueEntry, { catalog, service, baseUrl, files }: Offer): Node {
  const { id, title, description, owner, licence, attribution, sourceUrl, updateFrequency, periods, simulated } = entry
  const frequency = FREQUENCIES[updateFrequency]
  const [first, last] = [periods[0], periods.at(-1)]
  return {
    '@id': `${catalog}#${id}`,
    '@type': 'dcat:Dataset',
    'dct:identifier': id,
    'dct:title': french(title),
    'dct:description': english(simulated ? `Simulated, not official: invented figures. ${description}` : description),
    'dct:publisher': agent(owner.publisher),
    'dct:creator': agent(owner.producer),
    'dct:rightsHolder': agent(owner.name),
    'dct:license': licenceOf(licence),
    'dct:accessRights': { '@id': `${AUTHORITY}/access-right/PUBLIC` },
    ...(frequency && { 'dct:accrualPeriodicity': { '@id': `${AUTHORITY}/frequency/${frequency}` } }),
    'dct:language': { '@id': `${AUTHORITY}/language/FRA` },
    'dct:spatial': { '@id': `${AUTHORITY}/country/FRA` },
    ...(first !== undefined && last !== undefined && { 'dct:temporal': years(first, last) }),
    ...(entry.lastUpdate !== null && { 'dct:modified': typed(entry.lastUpdate, 'xsd:dateTime') }),
    'dcat:version': entry.version,
    'dcat:landingPage': { '@id': sourceUrl },
    'dcat:distribution': [
      {
        '@id': `${catalog}#${id}-graphql`,
        '@type': 'dcat:Distribution',
        'dct:title': english('Consolidated figures at every tier, through the GraphQL API'),
        'dct:description': english(`To show when reusing them: ${attribution}`),
        'dcat:accessURL': { '@id': `${baseUrl}/graphql` },
        'dcat:accessService': { '@id': service },
        'dct:format': { '@id': `${AUTHORITY}/file-type/JSON` },
        'dct:license': licenceOf(licence),
      },
      ...files.filter(({ dataset }) => dataset === id).map((file) => fileOf(file, entry, { catalog, baseUrl })),
    ],
  }
}

/** Media types that IANA has; others are only named in the title of a file. */
const REGISTERED = ['text/csv', 'application/vnd.apache.parquet']

function fileOf(
  { name, title, mediaType, bytes, schema }: CatalogueFile,
  { licence, attribution }: CatalogueEntry,
  { catalog, baseUrl }: Pick<Offer, 'catalog' | 'baseUrl'>,
): Node {
  const [type = ''] = mediaType.split(';')
  return {
    '@id': `${catalog}#${name}`,
    '@type': 'dcat:Distribution',
    'dct:title': french(`${title} (${name.slice(name.lastIndexOf('.') + 1).toUpperCase()})`),
    'dct:description': english(`To show when reusing them: ${attribution}`),
    'dcat:accessURL': { '@id': `${baseUrl}/v1/feeds/` },
    'dcat:downloadURL': { '@id': `${baseUrl}/v1/feeds/${name}` },
    ...(REGISTERED.includes(type) && {
      'dcat:mediaType': { '@id': `http://www.iana.org/assignments/media-types/${type}` },
    }),
    ...(bytes !== undefined && { 'dcat:byteSize': typed(`${bytes}`, 'xsd:nonNegativeInteger') }),
    ...(schema !== undefined && { 'dct:conformsTo': { '@id': `${baseUrl}/v1/feeds/${schema}` } }),
    'dct:license': licenceOf(licence),
  }
}

const licenceOf = ({ title, url }: Licence): Node => ({
  '@id': url,
  '@type': 'dct:LicenseDocument',
  'dct:title': french(title),
})

const agent = (name: string): Node => ({ '@type': 'foaf:Agent', 'foaf:name': name })

const years = (first: number, last: number): Node => ({
  '@type': 'dct:PeriodOfTime',
  'dcat:startDate': typed(`${first}-01-01`, 'xsd:date'),
  'dcat:endDate': typed(`${last}-12-31`, 'xsd:date'),
})

const typed = (value: string, type: string): Node => ({ '@value': value, '@type': type })
const french = (value: string): Node => ({ '@value': value, '@language': 'fr' })
const english = (value: string): Node => ({ '@value': value, '@language': 'en' })
