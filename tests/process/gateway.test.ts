import { spawnSync } from 'node:child_process'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { REPOSITORY, SOURCES } from '../fixtures/store.ts'
import { cleanUp, ownFolder, ownStore, run, start } from './program.ts'

const GATEWAY = 'gateway/main.ts'
const READY = /Strates is ready on (http:\/\/127\.0\.0\.1:\d+)/

let data: string
beforeAll(async () => {
  data = await ownStore()
})
afterAll(cleanUp)

async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, ...((await response.json()) as { data?: any; errors?: any[] }) }
}

describe('npm start on a store that is there', () => {
  it('is ready within seconds, answers the query that it prints, and ends on SIGTERM', async () => {
    const started = performance.now()
    const gateway = start(GATEWAY, ['--port', '0'], { STRATES_DATA: data })
    const [, url = ''] = await gateway.says(READY)
    const seconds = (performance.now() - started) / 1000
    console.log(`second start: ready in ${seconds.toFixed(2)} s`)
    // The aim is 3 s; a shared machine gets time to spare.
    expect(seconds).toBeLessThan(10)

    const [, body = ''] = await gateway.says(/curl -s \S+\/graphql -H 'content-type: application\/json' -d '(.+)'/)
    const { data: answered, errors } = await ask(url, (JSON.parse(body) as { query: string }).query)
    expect(errors).toBeUndefined()
    expect(answered.commune).toMatchObject({ name: 'Rennes', population: { value: 230_890 } })
    expect(answered.commune.schoolEnrolment.total.value).toBe(180 + 410 + 710)

    for (const [path, status] of [
      ['/livez', 200],
      ['/readyz', 200],
      ['/graphiql', 200],
      ['/nowhere', 404],
    ] as const) {
      expect((await fetch(`${url}${path}`)).status, path).toBe(status)
    }

    gateway.send('SIGTERM')
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null })
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
  })

  it.skipIf(spawnSync('curl', ['--version']).status !== 0)(
    'says which data it serves, and prints a command that a shell can run',
    async () => {
      const gateway = start(GATEWAY, [], { STRATES_DATA: data, PORT: '0' })
      const [command] = await gateway.says(/curl -s .+'$/m)
      const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
      expect(status).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ data: { commune: { name: 'Rennes' } } })
      const version = (await readFile(join(data, 'current'), 'utf8')).trim()
      await gateway.says(new RegExp(`data version ${version}, COG 2026, rentrée 2022 by default`))
      expect(gateway.output().stdout).not.toMatch(/SIMULATED/)
      gateway.send('SIGINT')
      expect((await gateway.ended).code).toBe(0)
    },
  )
})

describe('npm start on no store', () => {
  // An ingest and a start: a shared machine gets time to spare.
  it('builds it from the folder given, showing what it does, then serves', async () => {
    const gateway = start(GATEWAY, ['--from', SOURCES, '--port', '0'], {
      STRATES_DATA: join(await ownFolder(), 'store'),
    })
    const [, url = ''] = await gateway.says(READY)
    expect(gateway.output().stdout).toMatch(
      /reading fr-en-ecoles[^]*consolidating[^]*publishing[^]*published version [0-9a-f]{16}/,
    )
    const { data: answered } = await ask(
      url,
      '{ departement(code: "35") { schoolEnrolment { primary { value status } } } }',
    )
    expect(answered).toEqual({ departement: { schoolEnrolment: { primary: { value: 296, status: 'PARTIAL' } } } })
    gateway.send('SIGTERM')
    await gateway.ended
  }, 90_000)

  it('ends with the ingest when it is told to while there is no store yet, and calls that no failure', async () => {
    const gateway = start(GATEWAY, ['--from', SOURCES, '--port', '0'], { STRATES_DATA: await ownFolder() })
    await gateway.says(/^reading /m)
    gateway.send('SIGTERM')
    const { code, stderr } = await gateway.ended
    expect([code, stderr]).toEqual([143, ''])
  })

  it('stops with the message of the ingest when that fails', async () => {
    const empty = await ownFolder()
    const { code, stderr } = await run(GATEWAY, ['--from', empty, '--port', '0'], { STRATES_DATA: await ownFolder() })
    expect(code).toBe(1)
    for (const part of ['NO_SOURCE_FILE', empty, 'STORE_MISSING', `npm run ingest -- --from ${empty}`]) {
      expect(stderr).toContain(part)
    }
    expect(stderr).not.toContain('The version before stands')
  })

  it('says that the version before stands, where there is one', async () => {
    const { code, stderr } = await run(GATEWAY, ['--from', await ownFolder()], { STRATES_DATA: await ownStore() })
    expect(code).toBe(1)
    expect(stderr).toContain('The version before stands: npm start without these options serves it.')
  })
})

describe('npm start on a damaged store names the file, and what mends it', () => {
  it.each([
    [
      'a file cut short',
      (folder: string) => truncate(join(folder, 'cells-national.parquet'), 1000),
      'cells-national.parquet',
    ],
    ['a manifest that is no JSON', (folder: string) => writeFile(join(folder, 'manifest.json'), '{'), 'manifest.json'],
  ])('%s', async (_, damage, name) => {
    const own = await ownStore()
    const version = (await readFile(join(own, 'current'), 'utf8')).trim()
    await damage(join(own, 'versions', version))
    const { code, stderr } = await run(GATEWAY, ['--port', '0'], { STRATES_DATA: own })
    expect(code).toBe(1)
    for (const part of ['STORE_CORRUPT', name, 'npm run ingest']) expect(stderr).toContain(part)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('a pointer to nowhere', async () => {
    const own = await ownStore()
    await rm(join(own, 'versions'), { recursive: true })
    await writeFile(join(own, 'current'), 'not a version\n')
    const { code, stderr } = await run(GATEWAY, ['--port', '0'], { STRATES_DATA: own })
    expect(code).toBe(1)
    for (const part of ['STORE_CORRUPT', join(own, 'current'), 'npm run ingest']) expect(stderr).toContain(part)
  })
})

describe('npm start on a store of which another version is whole', () => {
  it('serves that one, and says what is wrong with the newest', async () => {
    const own = await ownStore()
    await writeFile(join(own, 'current'), 'not a version\n')
    const gateway = start(GATEWAY, ['--port', '0'], { STRATES_DATA: own })
    const [, url = ''] = await gateway.says(READY)
    expect(gateway.output().stdout).toMatch(/NOT THE NEWEST DATA: STORE_CORRUPT: .*current/)
    expect((await ask(url, '{ commune(code: "35238") { name } }')).data).toEqual({ commune: { name: 'Rennes' } })
    const { status, data } = (await (await fetch(`${url}/status`)).json()) as any
    expect([status, data.problem.code]).toEqual(['stale', 'STORE_CORRUPT'])
    expect(data.problem.message).toMatch(/pointer to the current version is damaged/)
    expect(data.problem.message).not.toContain(own)
    gateway.send('SIGTERM')
    await gateway.ended
  })
})

describe('the gateway started in the wrong way', () => {
  it.each([
    ['an unknown option', ['--nope'], '--nope'],
    ['a word too many', ['serve'], 'serve'],
    ['a port that is none', ['--port', 'abc'], '--port abc'],
    ['no workers', ['--workers', '0'], '--workers 0'],
    ['too many workers', ['--workers', '65'], '--workers 65'],
    ['workers that are no number', ['--workers', 'all'], '--workers all'],
    ['two kinds of sources', ['--from', SOURCES, '--simulated'], 'one of --from, --simulated, --no-simulated'],
    ['boundaries and none', ['--boundaries', SOURCES, '--no-boundaries'], 'one of --boundaries, --no-boundaries'],
    ['a folder that is not there', ['--from', '/no/such/folder'], '--from /no/such/folder'],
    ['boundaries that are not there', ['--boundaries', '/no/such/folder'], '--boundaries /no/such/folder'],
    ['a file in the place of a folder', ['--from', 'package.json'], 'This is no folder'],
    ['a folder without a name', ['--from', ''], 'An option has no value'],
    ['a supergraph that is not there', ['--supergraph', '/no/such/file'], '/no/such/file'],
    [
      'a supergraph with a folder of sources',
      ['--supergraph', 'gateway/supergraph.graphql', '--from', SOURCES],
      '--supergraph',
    ],
  ])('ends with 2 and shows how to start it: %s', async (_, given, says) => {
    const { code, stdout, stderr } = await run(GATEWAY, given, { STRATES_DATA: data })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    for (const part of ['INVALID_OPTION', 'npm start [-- --from DIR', says]) expect(stderr).toContain(part)
  })

  it.each([
    ['PORT', 'abc', 'a port number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error'],
  ])('names the variable, the value and what was expected: %s=%s', async (name, value, expected) => {
    const { code, stderr } = await run(GATEWAY, [], { STRATES_DATA: data, [name]: value })
    expect(code).toBe(1)
    for (const part of ['CONFIGURATION_INVALID', `${name}=${value}`, expected]) expect(stderr).toContain(part)
  })

  it('says which port is taken, and proposes another', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => squatter.once('listening', resolve))
    try {
      const { port } = squatter.address() as AddressInfo
      const { code, stderr } = await run(GATEWAY, ['--port', `${port}`], { STRATES_DATA: data })
      expect(code).toBe(1)
      for (const part of ['CONFIGURATION_INVALID', 'already in use', `PORT=${port}`, `PORT=${port + 1}`])
        expect(stderr).toContain(part)
    } finally {
      await new Promise((resolve) => squatter.close(resolve))
    }
  })

  it('refuses a file that is no supergraph, naming it', async () => {
    const path = join(await ownFolder(), 'wrong.graphql')
    await writeFile(path, 'type Query { a: Int')
    const { code, stderr } = await run(GATEWAY, ['--supergraph', path, '--port', '0'])
    expect(code).toBeGreaterThan(0)
    expect(stderr).toContain(path)
  })
})

describe('asked for help', () => {
  it.each([GATEWAY, 'pipeline/main.ts', 'subgraphs/main.ts'])(
    '%s says how it is started, and does nothing',
    async (program) => {
      const { code, stdout, stderr } = await run(program, ['--help'], { STRATES_DATA: '/no/such/folder' })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^Write: npm .+\n$/)
    },
  )
})

describe('npm run gateway', () => {
  it('serves a supergraph whose subgraphs answer over HTTP, and names those that do not', async () => {
    const commune = start('subgraphs/main.ts', ['commune', '--port', '0'], { STRATES_DATA: data })
    const [, address = ''] = await commune.says(/subgraph commune on (http:\/\/\S+?)\/?,/)
    const supergraph = await readFile(join(REPOSITORY, 'gateway', 'supergraph.graphql'), 'utf8')
    const path = join(await ownFolder(), 'supergraph.graphql')
    // Port 9 (discard) is nobody's: the other four are down, whatever runs on this machine.
    await writeFile(
      path,
      supergraph.replaceAll(/http:\/\/127\.0\.0\.1:400\d/g, (url) =>
        url.endsWith('4001') ? address : 'http://127.0.0.1:9',
      ),
    )
    const gateway = start(GATEWAY, ['--supergraph', path, '--port', '0'], { STRATES_DATA: await ownFolder() })
    const [, url = ''] = await gateway.says(READY)
    const { data: answered, errors } = await ask(
      url,
      '{ commune(code: "35238") { name schoolEnrolment(schoolYear: 2022) { primary { value } } population { value } } }',
    )
    expect(answered).toEqual({
      commune: { name: 'Rennes', schoolEnrolment: { primary: { value: 180 } }, population: null },
    })
    expect(errors).toMatchObject([
      { path: ['commune', 'population'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'national' } },
    ])
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1')

    // Degraded from the start, and it says so: it is of use as it is.
    await gateway.says(/DEGRADED: no answer from departement, epci, national, region/i)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const stateOf = async () => (await (await fetch(`${url}/status`)).json()) as any
    const before = await stateOf()
    expect(before.status).toBe('degraded')
    expect(before.supergraph.problem).toBeNull()
    expect(Object.fromEntries(before.owners.map((one: any) => [one.name, one.state]))).toEqual({
      commune: 'up',
      departement: 'down',
      epci: 'down',
      national: 'down',
      region: 'down',
    })

    // A file that is no supergraph: the one before goes on, also in a worker that takes the place of another.
    const served = await readFile(path, 'utf8')
    await writeFile(path, 'type Query {')
    await gateway.says(/the supergraph in the file cannot be served/)
    expect((await stateOf()).supergraph.problem).toMatchObject({ code: 'CONFIGURATION_INVALID' })
    gateway.send('SIGHUP')
    await gateway.says(/a new worker answers/)
    expect((await ask(url, '{ commune(code: "35238") { name } }')).data).toEqual({ commune: { name: 'Rennes' } })

    // Another one is served without a restart.
    await writeFile(path, served.replace('  ownership: ', '  rules: '))
    await gateway.says(/serves a new supergraph, which cannot answer operations/)
    await vi.waitFor(
      async () => expect((await ask(url, '{ ownership { __typename } }')).errors?.[0].message).toMatch(/Cannot query/),
      { timeout: 10_000, interval: 100 },
    )
    expect((await ask(url, '{ commune(code: "35238") { name } }')).data).toEqual({ commune: { name: 'Rennes' } })
    expect((await stateOf()).supergraph.problem).toBeNull()
    for (const program of [gateway, commune]) {
      program.send('SIGTERM')
      await program.ended
    }
  })
})
