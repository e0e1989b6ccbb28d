/** `node gateway/mcp.ts` as an assistant starts it. */
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { listen } from '../../gateway/serve.ts'
import { startFederation } from '../federation/federation.ts'
import { fixtureStore, REPOSITORY } from '../fixtures/store.ts'
import { connect } from '../gateway/mcp/client.ts'
import { cleanUp, run } from './program.ts'

const PROGRAM = join(REPOSITORY, 'gateway', 'mcp.ts')
afterAll(cleanUp)

/** Started in a folder that is not ours, as assistants do. */
const stdio = (args: readonly string[], env: Record<string, string> = {}) =>
  new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, ...args],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stderr: 'ignore',
  })

describe('node gateway/mcp.ts', () => {
  it('answers from the store, and ends with its client', async () => {
    const transport = stdio([], { STRATES_DATA: await fixtureStore() })
    const { call, client, close } = await connect(transport)
    const { pid } = transport
    expect((await call('population_series', { from: 2023 })).text).toMatch(/230890 inhabitants, NORMAL.* \[1\]/)
    expect((await client.listResources()).resources.map(({ name }) => name)).toContain('feeds')
    await close()
    expect(() => process.kill(pid ?? -1, 0)).toThrow('ESRCH')
  })

  it('passes messages on to a server that runs', async () => {
    const gateway = await startFederation()
    const port = await listen({ app: gateway.app, port: 0 })
    const { call, close } = await connect(stdio(['--url', port.url]))
    expect((await call('population_series', { from: 2023 })).text).toContain('230890 inhabitants')
    await close()
    await port.close(0)
    await gateway.close()
  })

  it('says what the server refused', async () => {
    const app = refusing()
    const port = await listen({ app, port: 0 })
    await expect(connect(stdio(['--url', port.url]))).rejects.toThrow('Ask again later')
    await port.close(0)
  })

  it('says that no server answers', async () => {
    await expect(connect(stdio(['--url', 'http://127.0.0.1:9']))).rejects.toThrow(/does not answer .*npm start/)
  })

  it.each([
    [['--port', '1'], {}, 2, /^INVALID_OPTION: .*--port.*--url/],
    [['--url', 'nowhere'], {}, 2, /^INVALID_OPTION: .*nowhere.*--url/],
    [['--url', 'ftp://127.0.0.1'], {}, 2, /^INVALID_OPTION: .*http/],
    [[], { STRATES_DATA: '/nowhere' }, 1, /^STORE_MISSING: .*npm run ingest|^STORE_MISSING: .*npm start/],
  ])('refuses %j in %j with code %i, and writes nothing else', async (given, env, code, expected) => {
    const ended = await run(PROGRAM, given, env)
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(expected) })
  })
})

const refusing = () => ({
  handle: async () => ({
    status: 429,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ title: 'Too many requests', detail: 'Ask again later.' }),
  }),
})
