import { BlockList, isIP } from 'node:net'

/**
 * Whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: that of so many proxies in a row, or that of the addresses and networks named
 * (`10.0.0.0/8`). 0 and an empty list: nobody's.
 */
export type TrustedProxies = number | readonly string[]

/** Where a request came from, as the socket and the headers say. */
interface Caller {
  readonly remoteAddress: string
  readonly forwardedFor: string
}

/**
 * Returns a function that names the client of a request, for the rate limit: an IPv4 address, or an IPv6 network of 64 bits, which
 * is what one household gets. What no trusted proxy wrote is not believed.
 */
export function createClientNames(trusted: TrustedProxies): (caller: Caller) => string {
  const trust = createTrust(trusted)
  return (caller) => networkOf(trust(caller).client)
}

/** Returns a function that walks back over the trusted proxies: the address before them, and how many they are. */
export function createTrust(
  trusted: TrustedProxies,
): (caller: Caller) => { readonly client: string; readonly proxies: number } {
  const isTrusted = trustOf(trusted)
  return ({ remoteAddress, forwardedFor }) => {
    const way = forwardedFor.split(',').map(withoutPort)
    let client = plain(remoteAddress)
    let proxies = 0
    while (isTrusted(client, proxies)) {
      proxies += 1
      const before = plain(way.pop() ?? '')
      if (isIP(before) === 0) break
      client = before
    }
    return { client, proxies }
  }
}

function trustOf(trusted: TrustedProxies): (address: string, hops: number) => boolean {
  if (typeof trusted === 'number') return (_, hops) => hops < trusted
  const list = new BlockList()
  for (const network of trusted) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** `[2001:db8::1]:443` and `192.0.2.1:443`, as some proxies write. */
function withoutPort(text: string): string {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? []
  return bracketed ?? dotted ?? text.trim()
}

/** An IPv4 address that came over an IPv6 socket is itself. */
function plain(address: string): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? []
  return mapped ?? address.replace(/%.*$/, '')
}

function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail)
  const missing = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = address.includes('::') ? [...before, ...missing, ...after] : before
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Groups of 16 bits in their shortest form; an IPv4 address at the end is two of them. */
function groupsOf(part: string): string[] {
  if (part === '') return []
  return part
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['v4', group] : [Number.parseInt(group, 16).toString(16)]))
}
