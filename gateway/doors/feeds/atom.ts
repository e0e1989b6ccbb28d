import { createHash } from 'node:crypto'
import type { DataVersion, DatasetChange } from '../../../core/observations/history.ts'

/**
 * The versions of the data as an Atom feed (RFC 4287), newest first: one entry each, with what it changed. Ids are the same wherever
 * the service answers; times are those of the data.
 * @param baseUrl where the service answers, without a slash at the end.
 */
export function atomOf(versions: readonly DataVersion[], baseUrl: string): string {
  const self = `${baseUrl}/v1/feeds/versions.atom`
  const updated =
    versions
      .map((version) => version.updated)
      .toSorted()
      .at(-1) ?? '1970-01-01T00:00:00.000Z'
  const [first] = versions
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    // Of a store that forgot its first versions, the oldest that it remembers.
    `<id>${idOf(`feed ${first?.dataVersion ?? ''}`)}</id>`,
    '<title>Strates: versions of the data</title>',
    `<updated>${updated}</updated>`,
    '<author><name>Strates</name></author>',
    `<link rel="self" type="application/atom+xml" href="${xml(self)}"/>`,
    `<link rel="alternate" type="application/json" href="${xml(`${baseUrl}/v1/feeds/`)}"/>`,
    ...versions.toReversed().map((version) => entryOf(version, baseUrl)),
    '</feed>\n',
  ].join('\n')
}

const entryOf = ({ number, dataVersion, updated, changes }: DataVersion, baseUrl: string): string =>
  [
    '<entry>',
    `<id>${idOf(`${number} ${dataVersion}`)}</id>`,
    `<title>Data version ${dataVersion}</title>`,
    `<updated>${updated}</updated>`,
    `<link rel="alternate" type="application/json" href="${xml(`${baseUrl}/v1/feeds/`)}"/>`,
    `<content type="text">${xml(changes.length === 0 ? NOTHING : changes.map(sentenceOf).join('\n'))}</content>`,
    '</entry>',
  ].join('\n')

const NOTHING = 'No dataset changed; something else did: territories, ownership, published totals or schools.'

function sentenceOf({ dataset, title, version, level, added, revised, removed }: DatasetChange): string {
  const name = `${dataset} (${title})`
  if (version === null) return `${name}: removed.`
  if (level === 'FIRST') return `${name}: version ${version}, the first of this store.`
  return `${name}: version ${version}: ${added} values added, ${revised} revised, ${removed} removed.`
}

/** A UUID made of a text (RFC 9562, version 8). */
function idOf(text: string): string {
  const hex = createHash('sha256').update(`strates ${text}`).digest('hex')
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${groups.join('-')}`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text inside XML; what XML cannot hold is left out. */
const xml = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
