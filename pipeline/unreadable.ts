/** Refusing a source file: one sentence for a person, and what was wrong as facts for a program. */
import { StratesError } from '../core/observations/error.ts'

/** A file to read, as a connector delivers it. */
export interface ReadableFile {
  /** Where the untouched bytes are. */
  readonly path: string
  /** The name a person knows the file by; errors use it. */
  readonly name: string
  readonly datasetId: string
  /**
   * The last column is free text in which the publisher left delimiters unquoted: further fields belong to it. For a
   * file known to be so, never for a family of files, where it would hide damage.
   */
  readonly lastColumnSpills?: boolean
}

/** The remedy of most damage. */
export const cutRemedy = 'The file is probably cut: download it again.'

/** The error of a file that cannot be read whole; `details.line`, where known, is named in the sentence. */
export function unreadable(
  file: ReadableFile,
  what: string,
  expected: string,
  remedy: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): StratesError {
  const line = details['line'] === undefined ? '' : `, line ${String(details['line'])}`
  return new StratesError({
    code: 'SOURCE_UNREADABLE',
    what,
    on: `${file.datasetId}, ${file.name}${line}`,
    expected,
    remedy,
    details: { datasetId: file.datasetId, file: file.name, ...details },
    ...(cause === undefined ? {} : { cause }),
  })
}
