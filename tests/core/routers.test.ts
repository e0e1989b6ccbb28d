/** How other routers sign their calls (`deploy/routers/`), held against what subgraphs take. */
import { afterAll, describe, expect, it } from 'vitest'
import { refusalOf, SIGNATURE_HEADER } from '../../core/signature.ts'
import { signedCall } from '../../deploy/routers/apollo-router/coprocessor.ts'
import { signing } from '../../deploy/routers/hive-gateway/gateway.config.ts'
import { cleanUp, run, start } from '../process/program.ts'

const SECRET = 'a secret of some length'
const NOW = Date.UTC(2026, 0, 1)
afterAll(cleanUp)

interface Answer {
  readonly headers: Readonly<Record<string, readonly string[]>>
}

describe('the coprocessor of an Apollo Router', () => {
  // As the router writes it: names and numbers in its own way, without spaces.
  const BODY =
    '{"query":"query($r:[_Any!]!){_entities(representations:$r){__typename}}","variables":{"r":[{"__typename":"Commune","name":"L\'Haÿ-les-Roses \\"x\\"","share":1.0,"big":9007199254740993}]}}'
  const asked = `{"version":1,"stage":"SubgraphRequest","control":"continue","id":"7","headers":{"accept":["application/json"]},"body":${BODY}}`

  it('signs the bytes that the router will send, and leaves the rest as it is', () => {
    const { headers, ...others } = JSON.parse(signedCall(asked, SECRET, NOW)) as Answer
    expect(others).toEqual({ version: 1, stage: 'SubgraphRequest', control: 'continue', id: '7' })
    expect(headers).toEqual({ accept: ['application/json'], [SIGNATURE_HEADER]: [expect.any(String)] })
    const call = { signature: headers[SIGNATURE_HEADER]?.[0], authorization: undefined }
    expect(refusalOf({ ...call, body: BODY }, SECRET, NOW)).toBeUndefined()
    expect(refusalOf({ ...call, body: BODY.replace('1.0', '1') }, SECRET, NOW)).toBe('WRONG_SIGNATURE')
  })

  it('signs for nobody beyond this machine, whatever HOST says, and names the port that it cannot have', async () => {
    const env = { STRATES_SUBGRAPH_SECRET: SECRET, HOST: '0.0.0.0' }
    const program = 'deploy/routers/apollo-router/coprocessor.ts'
    const [, port = ''] = await start(program, [], { ...env, PORT: '0' }).says(/ on http:\/\/127\.0\.0\.1:(\d+)\n/)
    const { code, stderr } = await run(program, [], { ...env, PORT: port })
    expect([code, stderr]).toEqual([1, expect.stringMatching(`^CONFIGURATION_INVALID: .*EADDRINUSE.*PORT=${port}`)])
  })

  it('throws at what is no call', () => {
    expect(() => signedCall('not JSON', SECRET, NOW)).toThrow(SyntaxError)
  })
})

describe('the plug-in of a Hive Gateway', () => {
  it('signs what is sent, beside the headers that are there, and leaves alone what has no body', () => {
    const set: { headers?: Record<string, string> }[] = []
    const setOptions = (options: object) => void set.push(options)
    signing.onFetch({ options: { body: '{"query":"{ __typename }"}', headers: { accept: 'a' } }, setOptions })
    signing.onFetch({ options: {}, setOptions })
    expect(set).toHaveLength(1)
    expect(set[0]?.headers).toEqual({
      accept: 'a',
      [SIGNATURE_HEADER]: expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/),
    })
  })
})
