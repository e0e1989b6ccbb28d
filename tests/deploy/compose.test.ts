import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../core/environment.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { checkCommand, PACKAGE, textOf, VARIABLES, yamlOf } from './files.ts'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | null>>
  readonly networks?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly tmpfs: readonly string[]
  readonly [key: string]: unknown
}

interface Project {
  readonly services: Readonly<Record<string, Service>>
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>
  readonly volumes: Readonly<Record<string, null>>
}

const IMAGE = `strates:${PACKAGE.version}`
const FILES = ['compose.yaml', 'compose.scale.yaml'] as const
const projects = Object.fromEntries(FILES.map((file) => [file, yamlOf(file) as Project])) as Record<
  (typeof FILES)[number],
  Project
>
const scale = projects['compose.scale.yaml']
const everyService = FILES.flatMap((file) =>
  Object.entries(projects[file].services).map(([name, service]) => [`${name} of ${file}`, service] as const),
)
const ofStrates = everyService.filter(([, { image }]) => image === IMAGE)

/** What a value is where the variable that it names is left unset; one that must be set gets some text. */
const interpolated = (value: string | null): string | undefined =>
  value?.replaceAll(/\$\{\w+(?:(:-)|:\?)([^}]*)\}/g, (_, hasDefault, text) => (hasDefault ? text : 'x'.repeat(16)))

describe.each(everyService)('%s', (_, service) => {
  it('is pinned, and holds what it needs and nothing more', () => {
    expect(service.image).toMatch(/^[\w./]+:\d+\.\d+(\.\d+)?(-\w+)?$/)
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      mem_limit: expect.stringMatching(/^\d+[gm]$/),
      pids_limit: expect.any(Number),
    })
    expect(service['privileged'] ?? service['network_mode']).toBeUndefined()
  })

  it('is at this machine only, where it has a port', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{\w+:-\d+\}:4000$/)
  })
})

describe.each(ofStrates)('%s, of our image', (_, service) => {
  it('is built here, runs a program as it wants to be started, and has time to finish', () => {
    expect(service['build']).toBe('.')
    checkCommand(service.command ?? [])
    expect(service.command).not.toContain('--simulated')
    expect(Number.parseInt(String(service['stop_grace_period']), 10)).toBeGreaterThanOrEqual(16)
    expect(service.volumes).toEqual([expect.stringMatching(/^[\w-]+:\/data$/)])
    expect(service.tmpfs).toEqual([expect.stringMatching(/^\/tmp:/)])
  })

  it('is given variables that there are, with values that are accepted', () => {
    const { environment = {} } = service
    expect(Object.keys(environment).filter((name) => !VARIABLES.has(name))).toEqual([])
    const values = Object.entries(environment).map(([name, value]) => [name, interpolated(value)])
    expect(() => readEnvironment(Object.fromEntries(values))).not.toThrow()
  })
})

describe('secrets', () => {
  it('stand in no file: each must be given, and the example names each without a value', () => {
    const example = textOf('deploy/scale.env.example')
    const texts = FILES.map(textOf).join('\n')
    const secret = [...texts.matchAll(/\$\{(\w*(?:SECRET|PASSWORD)\w*)([^}]*)\}/g)]
    expect(secret.length).toBeGreaterThan(2)
    for (const [, name, otherwise] of secret) {
      expect(otherwise, name).toMatch(/^:\?/)
      expect(example).toMatch(new RegExp(`^${name}=$`, 'm'))
    }
    expect(textOf('.gitignore').split('\n')).toContain('.env')
  })

  it('are all that must be given: the rest of the example is what may be set', () => {
    const named = [...textOf('deploy/scale.env.example').matchAll(/^#?([A-Z]\w+)=/gm)].map(([, name = '']) => name)
    const text = textOf('compose.scale.yaml')
    expect(named.filter((name) => !text.includes(`\${${name}`) && !text.includes(` ${name}:\n`))).toEqual([])
  })
})

describe('compose.yaml', () => {
  it('refuses invented data, and keeps its data new', () => {
    const { command, environment } = projects['compose.yaml'].services['strates'] ?? {}
    expect(command).toContain('--no-simulated')
    expect(environment?.['STRATES_REFRESH']).toBe('on')
  })
})

describe('compose.scale.yaml', () => {
  /** Who may open a connection to whom: they share a network. */
  const neighbours = (name: string): string[] => {
    const own = scale.services[name]?.networks ?? []
    return Object.entries(scale.services)
      .filter(([other, { networks = [] }]) => other !== name && networks.some((network) => own.includes(network)))
      .map(([other]) => other)
      .toSorted()
  }
  const gateways = Object.keys(scale.services).filter((name) => name.startsWith('gateway-'))

  it('has two gateways, each subgraph under the name at which gateways ask it, and one that publishes', () => {
    expect(gateways).toEqual(['gateway-1', 'gateway-2'])
    for (const owner of OWNERS)
      expect(scale.services[owner]?.command).toEqual(['subgraphs/main.ts', owner, '--port', '4000'])
    for (const name of gateways)
      expect(scale.services[name]?.environment?.['STRATES_SUBGRAPH_URL']).toBe('http://{name}:4000/')
    const publishers = Object.entries(scale.services).filter(([, { command }]) => command?.includes('--no-simulated'))
    expect(publishers.map(([name, { environment }]) => [name, environment?.['STRATES_REFRESH']])).toEqual([
      ['publisher', 'on'],
    ])
  })

  it('lets clients reach gateways alone, gateways no database, and the cache gateways alone', () => {
    const published = Object.entries(scale.services).filter(([, { ports }]) => ports !== undefined)
    expect(published.map(([name]) => name)).toEqual(gateways)
    for (const name of gateways)
      expect(neighbours(name)).toEqual([...OWNERS, ...gateways, 'redis'].filter((one) => one !== name).toSorted())
    expect(neighbours('redis')).toEqual(gateways)
    expect(neighbours('postgres')).toEqual([...OWNERS, 'publisher'].toSorted())
  })

  it('lets out nobody but gateways, by their ports, and who asks the portals', () => {
    const { networks = {} } = scale
    const open = Object.keys(networks).filter((name) => networks[name]?.internal !== true)
    expect(open).toEqual(['public', 'sources'])
    const reached = Object.entries(scale.services).filter(([, one]) =>
      one.networks?.some((name) => open.includes(name)),
    )
    expect(reached.map(([name]) => name)).toEqual([...gateways, 'publisher'])
  })

  it('gives each part only the secrets that it needs', () => {
    const holders = (variable: string) =>
      Object.entries(scale.services)
        .filter(([, { environment = {} }]) => variable in environment)
        .map(([name]) => name)
        .toSorted()
    expect(holders('STRATES_SUBGRAPH_SECRET')).toEqual([...gateways, ...OWNERS].toSorted())
    expect(holders('DATABASE_URL')).toEqual([...OWNERS, 'publisher'].toSorted())
    expect(holders('REDIS_URL')).toEqual(gateways)
  })

  it('gives each part a volume of its own', () => {
    const used = Object.values(scale.services).flatMap(({ volumes = [] }) =>
      volumes.flatMap((one) => (one.startsWith('./') ? [] : (one.split(':')[0] ?? ''))),
    )
    expect(new Set(used).size).toBe(used.length)
    expect(used.toSorted()).toEqual(Object.keys(scale.volumes).toSorted())
  })
})
