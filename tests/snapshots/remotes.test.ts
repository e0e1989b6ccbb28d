import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openRemote } from '../../core/snapshots/open.ts'
import { readWhole } from '../../core/snapshots/remote.ts'
import { fileWritable } from '../../pipeline/snapshots/fileWritable.ts'
import { s3Writable } from '../../pipeline/snapshots/s3Writable.ts'
import { openWritable } from '../../pipeline/snapshots/writable.ts'
import { remoteContract } from './contract.ts'
import { startFakeS3, type FakeS3 } from './s3Server.ts'
import { serveFolder } from './webServer.ts'

remoteContract('file://', async (folder) => {
  const writer = fileWritable({ kind: 'file', folder })
  return {
    reader: openRemote({ kind: 'file', folder }),
    writer,
    damage: (key) => writeFile(join(folder, key), 'cONTENT'),
  }
})

remoteContract('https://', async (folder) => {
  const web = await serveFolder(folder)
  return {
    reader: openRemote({ kind: 'http', url: web.url }),
    writer: fileWritable({ kind: 'file', folder }),
    damage: (key) => writeFile(join(folder, key), 'cONTENT'),
    close: web.close,
  }
})

remoteContract('s3://', async () => {
  const s3 = await startFakeS3()
  return {
    reader: openRemote(s3.address),
    writer: s3Writable(s3.address),
    damage: async (key) => void s3.files.set(`/bucket/prefix/${key}`, { body: Buffer.from('cut'), sha256: 'cut' }),
    close: s3.close,
  }
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

describe('a bucket', () => {
  async function bucket(): Promise<FakeS3> {
    const s3 = await startFakeS3()
    open.push(s3.close)
    return s3
  }

  it('is not read or written with a wrong key, and the error holds nothing of it', async () => {
    const { address, files } = await bucket()
    const wrong = { ...address, secretAccessKey: 'hunter2hunter2' }
    for (const act of [
      () => openRemote(wrong).open('current.json'),
      () => s3Writable(wrong).replace('current.json', 'one', undefined),
    ]) {
      const error = await act().then(String, (failure: Error) => `${failure.stack} ${JSON.stringify(failure)}`)
      expect(error).toMatch(/SNAPSHOT_UNREACHABLE|answered 403/)
      expect(error).not.toMatch(/hunter2|AKIDEXAMPLE|a-token|Signature=/)
    }
    expect(files.size).toBe(0)
  })

  it('is asked again after a moment of trouble, and not after a refusal', async () => {
    const s3 = await bucket()
    let troubles = 2
    s3.before = (_, response) => troubles-- > 0 && (response.writeHead(503).end(), true)
    const writer = s3Writable(s3.address, { firstWaitMs: 1 })
    expect(await writer.replace('current.json', 'one', undefined)).toBe('done')
    expect(s3.requests).toHaveLength(3)
    s3.before = (_, response) => (response.writeHead(400).end(), true)
    await expect(writer.remove('a')).rejects.toThrow('answered 400')
    expect(s3.requests).toHaveLength(4)
  })

  it('that knows no conditions is written all the same, and it is said', async () => {
    const s3 = await bucket()
    s3.isConditional = false
    const writer = s3Writable(s3.address)
    expect(await writer.replace('current.json', 'one', undefined)).toBe('unguarded')
    expect(await writer.replace('current.json', 'two', '"other"')).toBe('unguarded')
    expect(String(s3.files.get('/bucket/prefix/current.json')?.body)).toBe('two')
  })
})

describe('a web server', () => {
  async function web() {
    const server = await serveFolder(import.meta.dirname)
    open.push(server.close)
    return { server, remote: openRemote({ kind: 'http', url: server.url }) }
  }

  it('is never written to', () => {
    expect(openWritable({ kind: 'http', url: 'https://example.org' })).toBeUndefined()
  })

  it('may lead to another of its paths', async () => {
    const { server, remote } = await web()
    server.before = (path, response) =>
      path === '/a' && (response.writeHead(302, { location: '/contract.ts' }).end(), true)
    const found = await remote.open('a')
    expect(
      found === undefined || found === 'unchanged' ? 0 : (await readWhole(found, 100_000))?.length,
    ).toBeGreaterThan(100)
  })

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'leads elsewhere'],
    ['http://localhost:1/', 'leads elsewhere'],
    ['file:///etc/passwd', 'leads elsewhere'],
    ['/a', 'leads on and on'],
  ])('may not lead to %s', async (location, told) => {
    const { server, remote } = await web()
    server.before = (_, response) => (response.writeHead(301, { location }).end(), true)
    await expect(remote.open('a')).rejects.toMatchObject({
      code: 'SNAPSHOT_UNREACHABLE',
      message: expect.stringContaining(told),
    })
  })

  it('that is not there is told with the address and the reason', async () => {
    const { server, remote } = await web()
    await server.close()
    await expect(remote.open('current.json')).rejects.toThrow(/does not answer \(ECONNREFUSED\).*current\.json/)
  })
})
