import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoreAddress } from '../../core/snapshots/address.ts'
import { pushTo } from '../../pipeline/snapshots/pushTo.ts'
import { startFakeS3 } from './s3Server.ts'
import { forgetTinyStores, publishHere } from './tinyStores.ts'

let folder: string
let own: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-push-'))
  own = join(folder, 'own')
  await publishHere(own, 12)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await forgetTinyStores()
})

async function said(address: StoreAddress) {
  const lines: string[] = []
  const isPushed = await pushTo(address, own, (line) => void lines.push(line))
  return { isPushed, text: lines.join('\n') }
}

describe('an ingest that publishes for replicas', () => {
  it('says which snapshot went where, and that it was there already', async () => {
    const address = { kind: 'file', folder: join(folder, 'there') } as const
    expect(await said(address)).toEqual({
      isPushed: true,
      text: expect.stringMatching(/^pushed: snapshot \w{16}\.\w{8} to .*there, \d+ files, [\d.]+ MB$/),
    })
    expect((await said(address)).text).toMatch(/^is there already: .* 0 files/)
  })

  it('says that a web server is only read, which is no failure', async () => {
    expect(await said({ kind: 'http', url: 'https://example.org/strates' })).toEqual({
      isPushed: true,
      text: expect.stringContaining('not pushed: https://example.org/strates is only read'),
    })
  })

  it('warns where two publishers cannot be told apart', async () => {
    const s3 = await startFakeS3()
    s3.isConditional = false
    const { isPushed, text } = await said(s3.address)
    await s3.close()
    expect([isPushed, text]).toEqual([true, expect.stringContaining('the last to write wins')])
  })

  it('fails where it cannot be put there, and says on what, without any secret', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await said({ kind: 'file', folder: join(folder, 'file') })).toEqual({
      isPushed: false,
      text: expect.stringMatching(/^NOT PUSHED: SNAPSHOT_UNREACHABLE: .*file/),
    })
    const s3 = await startFakeS3()
    const { isPushed, text } = await said({ ...s3.address, secretAccessKey: 'hunter2hunter2' })
    await s3.close()
    expect([isPushed, text]).toEqual([false, expect.stringMatching(/^NOT PUSHED: .*answered 403/)])
    expect(text).not.toMatch(/hunter2|AKIDEXAMPLE|a-token/)
  })
})
