import type { HttpAddress } from './address.ts'
import type { Remote } from './remote.ts'
import { asFile, send, type Received } from './request.ts'
import { unreachable } from './snapshot.ts'

const MOST_REDIRECTS = 3
const REDIRECTS = [301, 302, 303, 307, 308]

/** Snapshots on a web server: plain GET. */
export function httpRemote({ url }: HttpAddress): Remote {
  return {
    address: url,
    async open(key, { tag } = {}) {
      const on = `${url}/${key}`
      return asFile(await follow(new URL(on), on, tag), on, [404, 410])
    },
  }
}

/**
 * A redirect may lead to another path of the same server, and nowhere else: what stands behind this machine is not the
 * server's to name.
 */
async function follow(start: URL, on: string, tag: string | undefined): Promise<Received> {
  let url = start
  for (let redirects = 0; ; redirects += 1) {
    const headers = new Headers(tag === undefined ? {} : { 'if-none-match': tag })
    const received = await send(url, on, { method: 'GET', headers })
    if (!REDIRECTS.includes(received.response.status)) return received
    received.stop()
    const next = URL.parse(received.response.headers.get('location') ?? '', url.href)
    if (next?.origin !== start.origin || next.username !== '' || next.password !== '')
      throw unreachable('The server of the snapshots leads elsewhere', on, `files of ${start.origin} itself`)
    if (redirects === MOST_REDIRECTS)
      throw unreachable('The server of the snapshots leads on and on', on, `at most ${MOST_REDIRECTS} redirects`)
    url = next
  }
}
