/** Where snapshots are read from. One contract suite holds for every kind: `tests/snapshots/contract.ts`. */
export interface Remote {
  /** For people; nothing in it is secret. */
  readonly address: string
  /**
   * Opens a file. `unchanged` where it still has the given tag; undefined where there is none.
   * @throws StratesError SNAPSHOT_UNREACHABLE when it cannot be told, of a database DATABASE_UNREACHABLE or DATABASE_LAYOUT.
   */
  open(key: string, options?: { readonly tag?: string | undefined }): Promise<RemoteFile | 'unchanged' | undefined>
}

/** A file that is being read. */
export interface RemoteFile {
  /** Changes with the file; undefined where the server tells none. */
  readonly tag: string | undefined
  /** To be read to the end, or left: what remains is then not fetched. */
  readonly bytes: AsyncIterable<Uint8Array>
}

/** All bytes of a small file; undefined where it has more than allowed. */
export async function readWhole({ bytes }: RemoteFile, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
