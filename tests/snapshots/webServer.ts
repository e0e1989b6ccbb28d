import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A plain web server over a folder. */
export interface WebServer {
  readonly url: string
  /** What it answers instead of a file; true: it has answered. */
  before: (path: string, response: ServerResponse) => boolean
  close(): Promise<void>
}

/** Starts one, on a free port of this machine. */
export async function serveFolder(folder: string): Promise<WebServer> {
  const web: WebServer = { url: '', before: () => false, close }
  const server = createServer(async ({ url = '', headers }, response) => {
    if (web.before(url, response)) return
    const body = await readFile(join(folder, url)).catch(() => undefined)
    if (body === undefined) return void response.writeHead(404).end()
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`
    const isUnchanged = headers['if-none-match'] === etag
    response.writeHead(isUnchanged ? 304 : 200, { etag }).end(isUnchanged ? undefined : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(web, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}
