import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Database, Queryable } from '../../core/database/connect.ts'
import { remoteOn } from '../../core/snapshots/postgresRemote.ts'
import { sha256Of, type ListedFile } from '../../core/snapshots/snapshot.ts'
import type { WritableRemote } from './writable.ts'

/** The bytes of a piece of a file. */
const PIECE_BYTES = 1_000_000

/** What is there, as its bytes say and not as was said of it when it was put. */
const HELD = `
SELECT file.key FROM strates_store.file AS file
WHERE file.key = $1 AND file.bytes = $2 AND file.sha256 = $3 AND $3 = (
  SELECT encode(sha256(string_agg(chunk.content, ''::bytea ORDER BY chunk.position)), 'hex')
  FROM strates_store.chunk AS chunk WHERE chunk.key = $1
)`

const ADD_PIECE = 'INSERT INTO strates_store.chunk (key, position, content) VALUES ($1, $2, $3)'

/** Puts snapshots into a database that the migrations laid out. */
export function postgresWritable(database: Omit<Database, 'close'>): WritableRemote {
  const { query, transaction } = database
  return {
    ...remoteOn(database),
    async has(key, { bytes, sha256 }) {
      return (await query(HELD, [key, bytes, sha256])).length > 0
    },
    put: (key, path, file) => transaction((on) => putFile(on, key, path, file)),
    async remove(key) {
      await query('DELETE FROM strates_store.file WHERE key = $1', [key])
    },
    replace: (key, text, tag) => transaction((on) => replaceFile(on, key, Buffer.from(text), tag)),
  }
}

/** The pieces of the file before go with it. */
async function putFile({ query }: Queryable, key: string, path: string, { bytes, sha256 }: ListedFile): Promise<void> {
  await query('DELETE FROM strates_store.file WHERE key = $1', [key])
  await query('INSERT INTO strates_store.file (key, tag, bytes, sha256) VALUES ($1, $2, $3, $4)', [
    key,
    randomUUID(),
    bytes,
    sha256,
  ])
  let position = 0
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    await query(ADD_PIECE, [key, position, piece])
    position += 1
  }
}

/** Who comes second waits for the first, and then finds another tag. */
async function replaceFile(
  { query }: Queryable,
  key: string,
  content: Buffer,
  tag: string | undefined,
): Promise<'done' | 'crossed'> {
  const facts = [key, randomUUID(), content.length, sha256Of(content)]
  const replaced =
    tag === undefined
      ? await query(
          'INSERT INTO strates_store.file (key, tag, bytes, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key',
          facts,
        )
      : await query(
          'UPDATE strates_store.file SET tag = $2, bytes = $3, sha256 = $4 WHERE key = $1 AND tag = $5 RETURNING key',
          [...facts, tag],
        )
  if (replaced.length === 0) return 'crossed'
  await query('DELETE FROM strates_store.chunk WHERE key = $1', [key])
  await query(ADD_PIECE, [key, 0, content])
  return 'done'
}
