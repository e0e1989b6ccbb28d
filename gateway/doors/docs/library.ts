import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Language } from '../accept.ts'

/** A text of the repository that is shown as a page. */
export interface Document {
  /** Its name in the address, the same in both languages: `tutorial`, `decisions/0001-null-epci`; the index has none. */
  readonly name: string
  /** Its path in the repository. */
  readonly file: string
  readonly language: Language
  /** Its first heading. */
  readonly title: string
  /** The text, in Markdown. */
  readonly text: string
}

/** A drawing or photograph beside the texts. */
export interface Picture {
  readonly file: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** All that is shown under `/docs/`. Nothing else of the disk can be asked for. */
export interface Library {
  readonly documents: readonly Document[]
  /** By name in the address. */
  readonly pictures: ReadonlyMap<string, Picture>
  /** A document by name, in a language where there is a text in it; English has all of them. */
  find(name: string, language: Language): Document | undefined
  /** A document by its path in the repository. */
  at(file: string): Document | undefined
}

/** Texts of the repository outside `docs/` that are shown too, and their names. */
const OUTSIDE: readonly (readonly [name: string, file: string])[] = [
  ['readme', 'README.md'],
  ['readme', 'README.fr.md'],
  ['contributing', 'CONTRIBUTING.md'],
  ['security', 'SECURITY.md'],
  ['changelog', 'CHANGELOG.md'],
  ['typescript', 'clients/typescript/README.md'],
  ['adding-a-question', 'operations/README.md'],
]

const MEDIA_TYPES: Readonly<Record<string, string>> = { svg: 'image/svg+xml; charset=utf-8', png: 'image/png' }

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

/** Reads all documents of the repository. */
export function readLibrary(root: string = REPOSITORY): Library {
  const files = ['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .toSorted()
      .map((file) => `${folder}/${file}`),
  )
  const named = files.filter((file) => file.endsWith('.md')).map((file) => [nameOf(file), file] as const)
  const documents = [...named, ...OUTSIDE].map(([name, file]) => readDocument(root, name, file))
  const pictures = files.flatMap((file): [string, Picture][] => {
    const mediaType = MEDIA_TYPES[file.split('.').at(-1) ?? '']
    return mediaType === undefined
      ? []
      : [[file.slice('docs/'.length), { file, mediaType, bytes: readFileSync(join(root, file)) }]]
  })
  return {
    documents,
    pictures: new Map(pictures),
    find(name, language) {
      const found = documents.filter((one) => one.name === name)
      return found.find((one) => one.language === language) ?? found.find((one) => one.language === 'en')
    },
    at: (file) => documents.find((one) => one.file === file),
  }
}

/** `docs/tutorial.fr.md` is `tutorial`; `docs/README.md` is the index, which has no name. */
const nameOf = (file: string): string =>
  file
    .slice('docs/'.length)
    .replace(/(\.fr)?\.md$/, '')
    .replace(/^README$/, '')

function readDocument(root: string, name: string, file: string): Document {
  const text = readFileSync(join(root, file), 'utf8')
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? name
  return { name, file, language: file.endsWith('.fr.md') ? 'fr' : 'en', title, text }
}
