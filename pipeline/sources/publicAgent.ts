/**
 * An undici agent that connects to the public internet only, so that a source, or a redirect a source answers, cannot
 * make this machine speak to itself or to its neighbours. The test stands where the socket opens: a name that resolves
 * to a public address first and to 127.0.0.1 next gains nothing, because what is checked is what is connected to.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'

/**
 * Registered as not globally reachable by IANA (RFC 6890 and its updates), or standing in for an IPv4 address.
 * IPv4-mapped addresses (::ffff:a.b.c.d) need no row: `BlockList` holds them against the IPv4 ones.
 */
const notPublic: readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'], // this network
  ['10.0.0.0', 8, 'ipv4'], // private
  ['100.64.0.0', 10, 'ipv4'], // carrier-grade NAT
  ['127.0.0.0', 8, 'ipv4'], // loopback
  ['169.254.0.0', 16, 'ipv4'], // link-local, and the metadata service of clouds
  ['172.16.0.0', 12, 'ipv4'], // private
  ['192.0.0.0', 24, 'ipv4'], // protocol assignments
  ['192.0.2.0', 24, 'ipv4'], // documentation
  ['192.168.0.0', 16, 'ipv4'], // private
  ['198.18.0.0', 15, 'ipv4'], // benchmarks
  ['198.51.100.0', 24, 'ipv4'], // documentation
  ['203.0.113.0', 24, 'ipv4'], // documentation
  ['224.0.0.0', 4, 'ipv4'], // multicast
  ['240.0.0.0', 4, 'ipv4'], // reserved, broadcast
  ['::', 96, 'ipv6'], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96, 'ipv6'], // IPv4 behind NAT64
  ['64:ff9b:1::', 48, 'ipv6'], // local NAT64
  ['100::', 64, 'ipv6'], // discard
  ['2001::', 23, 'ipv6'], // protocol assignments, Teredo
  ['2001:db8::', 32, 'ipv6'], // documentation
  ['2002::', 16, 'ipv6'], // IPv4 inside 6to4
  ['fc00::', 7, 'ipv6'], // private
  ['fe80::', 10, 'ipv6'], // link-local
  ['fec0::', 10, 'ipv6'], // former site-local
  ['ff00::', 8, 'ipv6'], // multicast
]

const blocked = new BlockList()
for (const [network, prefix, family] of notPublic) blocked.addSubnet(network, prefix, family)

/** Thrown inside a connection attempt; never retried. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
  /** @param target the address, name or protocol that was refused */
  constructor(target: string) {
    super(`${target} is not on the public internet`)
  }
}

/** Whether an IP address, v4 or v6, is one the public internet routes. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address.replace(/%.*$/, ''))
  if (family === 0) return false
  return !blocked.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6')
}

/** An agent for `https:` and public addresses; with `allowPrivate`, for tests, any address and `http:` as well. */
export function publicAgent({ connectMs, allowPrivate = false }: { connectMs: number; allowPrivate?: boolean }): Agent {
  // HTTP/1.1 keeps one meaning for "the body ended early": fewer bytes than content-length, or no last chunk.
  const settings = { timeout: connectMs, allowH2: false }
  if (allowPrivate) return new Agent({ connect: settings })
  const connect = buildConnector({ ...settings, lookup: publicLookup })
  return new Agent({
    connect(options, callback) {
      const literal = options.hostname.replace(/^\[|\]$/g, '')
      const refused = options.protocol === 'https:' ? refusedAddress(literal) : options.protocol
      if (refused === undefined) connect(options, callback)
      else callback(new PrivateAddressError(refused), null)
    },
  })
}

function refusedAddress(hostname: string): string | undefined {
  return isIP(hostname) !== 0 && !isPublicAddress(hostname) ? hostname : undefined
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0)
    const refused = addresses.find(({ address }) => !isPublicAddress(address))
    if (refused) return callback(new PrivateAddressError(`${hostname} (${refused.address})`), '', 0)
    const [first] = addresses
    if (options.all) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family ?? 0)
  })
}
