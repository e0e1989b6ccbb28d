import type { PostgresAddress } from '../database/address.ts'
import { connect, type Queryable } from '../database/connect.ts'
import type { Remote } from './remote.ts'
import { unreachable } from './snapshot.ts'

/** A file, and its first bytes where it was asked for with another tag; the others follow one by one. */
const OPEN = `
SELECT file.tag, file.bytes::float8 AS bytes, CASE WHEN file.tag <> $2 THEN chunk.content END AS content
FROM strates_store.file AS file
LEFT JOIN strates_store.chunk AS chunk ON chunk.key = file.key AND chunk.position = 0
WHERE file.key = $1`

const NEXT = 'SELECT content FROM strates_store.chunk WHERE key = $1 AND position = $2'

/** Files that a database keeps in pieces. */
export const postgresRemote = (address: PostgresAddress): Remote => remoteOn(connect(address, { connections: 2 }))

/** The same, over connections that are there. */
export function remoteOn({ address, query }: Queryable & { readonly address: string }): Remote {
  return {
    address,
    async open(key, { tag = '' } = {}) {
      const [file] = await query<FileRow>(OPEN, [key, tag])
      if (file === undefined) return undefined
      if (file.tag === tag) return 'unchanged'
      return { tag: file.tag, bytes: readToEnd(query, key, file, `${address}/${key}`) }
    },
  }
}

interface FileRow {
  readonly tag: string
  readonly bytes: number
  readonly content: Uint8Array | null
}

/** One piece at a time, so that a large file is never held whole. */
async function* readToEnd(
  query: Queryable['query'],
  key: string,
  { bytes, content }: FileRow,
  on: string,
): AsyncGenerator<Uint8Array> {
  let read = 0
  let piece = content ?? undefined
  for (let position = 1; piece !== undefined; position += 1) {
    yield piece
    read += piece.length
    if (read >= bytes) return
    const [next] = await query<{ readonly content: Uint8Array }>(NEXT, [key, position])
    piece = next?.content
  }
  if (read < bytes) throw unreachable('A file of the snapshots broke off', on, `${bytes} bytes`)
}
