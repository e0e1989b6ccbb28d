import { LICENCES } from '../../../core/observations/licence.ts'
import { BOUNDARY_ATTRIBUTION, type BoundaryList, type BoundaryRecord } from '../../../core/store/boundaries.ts'
import type { Store } from '../../../core/store/open.ts'
import type { SentFile } from '../file.ts'
import { packedFile } from '../feeds/packedFile.ts'

/** Where boundaries are. */
export const BOUNDARIES_ROOT = '/v1/boundaries/'

/** The shapes that maps draw, under `/v1/boundaries/`. */
export interface Boundaries {
  /** What `/v1/boundaries/` answers. */
  readonly list: ListedBoundaries
  /** The names of the files. */
  readonly names: readonly string[]
  /** A file by name, `communes-35.topojson`; undefined where there is none. */
  find(name: string): SentFile | undefined
}

/** The list of boundaries as clients read it. */
export interface ListedBoundaries extends Omit<BoundaryList, 'files'> {
  /** The version of all the data that the boundaries belong to. */
  readonly dataVersion: string
  readonly licence: { readonly id: string; readonly title: string; readonly url: string }
  readonly attribution: string
  readonly files: readonly ListedFile[]
  /** Where no boundaries were loaded: how to load them. */
  readonly help?: string
}

/** One set of shapes, with the addresses of its formats. */
interface ListedFile extends Omit<BoundaryRecord, 'formats'> {
  /** Of the TopoJSON, plain and as gzip. */
  readonly bytes: number
  readonly packedBytes: number
  /** Paths on the same host. */
  readonly topojson: string
  readonly geojson: string
}

const MEDIA_TYPES = { topojson: 'application/json; charset=utf-8', geojson: 'application/geo+json' } as const

const HELP =
  'No boundaries are loaded. npm run ingest -- --boundaries DIR reads official GeoJSON files: docs/boundaries.md says which.'

const NONE: Omit<BoundaryList, 'geography'> = {
  sources: [],
  refused: [],
  files: [],
  withoutBoundary: [],
  notCovered: [],
}

/** The boundaries of a store, as publish wrote them. */
export function createBoundaries({ folder, manifest, boundaries }: Store): Boundaries {
  const { geography, dataVersion } = manifest
  const { files, ...told } = boundaries ?? { geography, ...NONE }
  const licence = LICENCES['etalab-2.0']
  const facts = {
    links: [`<${licence.url}>; rel="license"`],
    headers: { 'strates-data-version': dataVersion },
  }
  const sent = new Map(
    files.flatMap(({ name, formats }) =>
      formats.map((file): [string, SentFile] => {
        const own = { name: `${name}.${file.format}`, mediaType: MEDIA_TYPES[file.format] }
        return [own.name, packedFile(folder, file, { ...facts, ...own })]
      }),
    ),
  )
  return {
    list: {
      ...told,
      dataVersion,
      licence,
      attribution: BOUNDARY_ATTRIBUTION,
      files: files.map(listed),
      ...(files.length === 0 && { help: HELP }),
    },
    names: [...sent.keys()],
    find: (name) => sent.get(name),
  }
}

function listed({ formats, ...record }: BoundaryRecord): ListedFile {
  const topojson = formats.find(({ format }) => format === 'topojson')
  const addressOf = (format: string) => `${BOUNDARIES_ROOT}${record.name}.${format}`
  return {
    ...record,
    bytes: topojson?.bytes ?? 0,
    packedBytes: topojson?.packedBytes ?? 0,
    topojson: addressOf('topojson'),
    geojson: addressOf('geojson'),
  }
}
