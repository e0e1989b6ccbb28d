import { createTrust, type TrustedProxies } from '../guard/client.ts'
import { headerOf, type AppRequest } from './message.ts'

/** Options of {@link createOrigins}. */
export interface OriginOptions {
  /** The origin at which clients find the service; undefined where nobody said it. */
  readonly publicUrl?: string | undefined
  /** Whose `X-Forwarded-Proto` and `X-Forwarded-Host` are believed. */
  readonly trustedProxies: TrustedProxies
}

/**
 * Returns a function that says where the client of a request found the service, without a slash at the end: the public address where
 * it is set, else what the first trusted proxy was asked, else the Host header. Empty, for a relative link, where that is no host.
 */
export function createOrigins({ publicUrl, trustedProxies }: OriginOptions): (request: AppRequest) => string {
  if (publicUrl !== undefined) return () => publicUrl
  const trust = createTrust(trustedProxies)
  return (request) => {
    const { remoteAddress } = request
    const forwardedFor = headerOf(request, 'x-forwarded-for')
    const proxies = remoteAddress === undefined ? 0 : trust({ remoteAddress, forwardedFor }).proxies
    const host = writtenBy(proxies, headerOf(request, 'x-forwarded-host')) || headerOf(request, 'host')
    const scheme = writtenBy(proxies, headerOf(request, 'x-forwarded-proto')).toLowerCase()
    return isHost(host) ? `${scheme === 'https' ? 'https' : 'http'}://${host}` : ''
  }
}

const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/i

function isHost(text: string): boolean {
  const found = HOST.exec(text)
  return found !== null && Number(found.groups?.['port'] ?? 0) <= 65_535
}

/** What the outermost of so many proxies wrote: each adds a value at the end, or writes one in the place of all. */
function writtenBy(proxies: number, header: string): string {
  if (proxies === 0 || header === '') return ''
  const values = header.split(',').map((value) => value.trim())
  return values[Math.max(0, values.length - proxies)] ?? ''
}
