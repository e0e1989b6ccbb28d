/** Codes, ids, names of enumerations, dates and addresses, which stand as they are. */
const BARE = /^[\p{L}\p{N}][\p{L}\p{N}_:.@/+|#?=&%-]*$/u

/** What has no shape of its own, or changes that of its neighbours: a text could hide sentences in it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/**
 * A value of the data as it stands in a text for a model: a text of more than one word is between quotation marks, on one line,
 * with all that is invisible written out. Whatever a name says, it cannot pass for a line or a citation of ours.
 */
export function plain(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  return BARE.test(value) && !INVISIBLE.test(value) ? value : JSON.stringify(value).replace(INVISIBLE, escape)
}

function escape(sign: string): string {
  return Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  )
}
