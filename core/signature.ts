import { createHmac, timingSafeEqual } from 'node:crypto'

/** The header in which a gateway signs a call to a subgraph. */
export const SIGNATURE_HEADER = 'strates-signature'

/** How long a signature holds, in seconds, before and after the moment that it names. */
export const SIGNATURE_LIFETIME = 60

/** Why a call is refused. */
export type Refusal = 'UNSIGNED' | 'WRONG_SIGNATURE' | 'EXPIRED'

/** What is known of a call to verify. */
export interface SignedCall {
  /** The value of {@link SIGNATURE_HEADER}. */
  readonly signature: string | undefined
  /** The value of `authorization`, in which a router that cannot sign gives the secret itself. */
  readonly authorization: string | undefined
  readonly body: string
}

/**
 * Signs the body of a call: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`.
 * @param now the moment, in milliseconds since 1970.
 */
export function sign(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${digest(secret, seconds, body)}`
}

/**
 * Verifies that a call comes from someone who has the secret, and was signed less than a minute ago, so that nobody can
 * send an old one again.
 * @returns why it is refused; undefined for a call that is not.
 */
export function refusalOf(
  { signature, authorization, body }: SignedCall,
  secret: string,
  now: number,
): Refusal | undefined {
  if (signature === undefined) {
    if (authorization === undefined) return 'UNSIGNED'
    return isSame(authorization, `Bearer ${secret}`) ? undefined : 'WRONG_SIGNATURE'
  }
  const [, seconds = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  if (seconds === '' || !isSame(given, digest(secret, Number(seconds), body))) return 'WRONG_SIGNATURE'
  return Math.abs(now / 1000 - Number(seconds)) > SIGNATURE_LIFETIME ? 'EXPIRED' : undefined
}

const digest = (secret: string, seconds: number, body: string): string =>
  createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')

/** Compares in a time that tells nothing; of texts of any length. */
function isSame(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHmac('sha256', 'compare').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}
