/** The chart as text: no program here renders it. What it renders to is checked where Helm is, and was (docs/deployment.md). */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readEnvironment } from '../../core/environment.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { checkCommand, found, instructionsOf, PACKAGE, textOf, VARIABLES, yamlOf } from './files.ts'

const CHART = 'deploy/helm/strates'
const chart = yamlOf(`${CHART}/Chart.yaml`) as Record<string, any>
const values = yamlOf(`${CHART}/values.yaml`) as Record<string, any>
const templates = new Map(found(`${CHART}/templates/*`).map((path) => [path.split('/').at(-1) ?? '', textOf(path)]))
const all = [...templates.values()].join('\n')
const template = (name: string) => templates.get(name) ?? ''

describe('the values', () => {
  const schema = z.fromJSONSchema(JSON.parse(textOf(`${CHART}/values.schema.json`)))
  const accepts = (changed: (copy: typeof values) => unknown) => {
    const copy = structuredClone(values)
    changed(copy)
    return schema.safeParse(copy).success
  }

  it('are what their schema allows', () => {
    expect(accepts(() => {})).toBe(true)
  })

  it.each([
    ['a key that there is not', (copy: any) => (copy.gateways = {})],
    ['a tier that there is not', (copy: any) => (copy.tiers.canton = { replicas: 1 })],
    ['a tier too few', (copy: any) => delete copy.tiers.epci],
    ['a variable that there is not', (copy: any) => (copy.gateway.environment.STRATES_PUBLIC = 'https://a.example')],
    ['no worker', (copy: any) => (copy.gateway.workers = 0)],
    [
      'a secret in plain text',
      (copy: any) => (copy.tier.environment.DATABASE_URL = 'postgres://user:password@host/db'),
    ],
    ['a number where a variable has a text', (copy: any) => (copy.gateway.environment.STRATES_RATE_LIMIT = 0)],
  ])('may not have %s', (_, changed) => {
    expect(accepts(changed)).toBe(false)
  })

  it('are described to every depth: the schema names each, and templates read each and no other', () => {
    const paths = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
        ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}.${key}`))
        : [path]
    const read = [...new Set([...all.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = '']) => path))]
    const given = paths(values, '')
    const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`)
    expect(read.length).toBeGreaterThan(20)
    expect(read.filter((path) => !given.some((one) => isWithin(one, path)))).toEqual([])
    expect(given.filter((one) => !read.some((path) => isWithin(one, path)))).toEqual([])
  })

  it('name every subgraph, and hold no secret', () => {
    expect(Object.keys(values['tiers'])).toEqual([...OWNERS])
    const { certificates, ...secrets } = values['secrets'] as Record<string, object>
    expect(certificates).toBe('')
    for (const [name, secret] of Object.entries(secrets)) expect(Object.keys(secret), name).toEqual(['name', 'key'])
    expect(all).not.toMatch(/kind: Secret/)
  })
})

describe('the templates', () => {
  it('are of the version that the package has, and of its image', () => {
    expect([chart['version'], chart['appVersion']]).toEqual([PACKAGE.version, PACKAGE.version])
    expect(template('_helpers.tpl')).toMatch(/eq \.tag "latest"[^]+ fail [^]+\.tag \| default \$\.Chart\.AppVersion/)
  })

  it.each([...templates.keys()])('%s ends each block that it begins, and includes what there is', (name) => {
    const text = template(name).replaceAll(/\{\{- \/\*.*?\*\/ -\}\}/gs, '')
    expect(text.split('{{').length).toBe(text.split('}}').length)
    const begun = text.match(/\{\{-? *(if|range|with|define) /g) ?? []
    const ended = text.match(/\{\{-? *end *-?\}\}/g) ?? []
    expect(ended.length).toBe(begun.length)
    for (const [, included = ''] of text.matchAll(/include "([^"]+)"/g)) expect(all).toContain(`define "${included}"`)
  })

  it('run programs as they want to be started, by the command lines that package.json knows', () => {
    const commands = [...all.matchAll(/^ +args: \[(.+)\]$/gm)].map(([, list = '']) =>
      list.split(', ').map((word) => word.replaceAll("'", '')),
    )
    expect(commands).toHaveLength(3)
    for (const words of commands)
      for (const tier of OWNERS)
        expect(() => checkCommand(words.map((word) => (word === '{{ $tier }}' ? tier : word)))).not.toThrow()
    expect(commands.flat()).not.toContain('--simulated')
    expect(template('publisher.yaml')).toContain('--no-simulated')
  })

  it('set variables that there are, which the values may not set again', () => {
    const set = [...all.matchAll(/name: ([A-Z][A-Z_]+),|strates\.secret" \(list "(\w+)"/g)].map(
      ([, one, other]) => one ?? other ?? '',
    )
    expect(set.toSorted()).toEqual(
      [
        'DATABASE_URL',
        'DATABASE_URL',
        'REDIS_URL',
        'STRATES_REFRESH',
        'STRATES_SUBGRAPH_SECRET',
        'STRATES_SUBGRAPH_SECRET',
        'STRATES_SUBGRAPH_URL',
        'STRATES_WORKERS',
        'STRATES_WORKERS',
      ].toSorted(),
    )
    expect(set.filter((name) => !VARIABLES.has(name))).toEqual([])
    const { propertyNames } = JSON.parse(textOf(`${CHART}/values.schema.json`)).definitions.environment
    expect(propertyNames.enum.filter((name: string) => !VARIABLES.has(name) || set.includes(name))).toEqual([])
    const [, url = ''] = /STRATES_SUBGRAPH_URL, value: '(.+)'/.exec(template('gateway.yaml')) ?? []
    const rendered = url.replaceAll(/\{\{ .+? \}\}/g, 'strates')
    expect(readEnvironment({ STRATES_SUBGRAPH_URL: rendered }).subgraphUrl).toBe('http://strates-{name}:4000/')
  })

  it('leave pods nothing that they do not need, under the user of the image', () => {
    const helpers = template('_helpers.tpl')
    const [uid, gid] =
      instructionsOf('Dockerfile')
        .find(({ name }) => name === 'USER')
        ?.value.split(':') ?? []
    for (const line of [
      'automountServiceAccountToken: false',
      'runAsNonRoot: true',
      `runAsUser: ${uid}`,
      `runAsGroup: ${gid}`,
      `fsGroup: ${gid}`,
      'seccompProfile: { type: RuntimeDefault }',
      'allowPrivilegeEscalation: false',
      'readOnlyRootFilesystem: true',
      'capabilities: { drop: [ALL] }',
    ])
      expect(helpers).toContain(`${line}\n`)
    for (const name of ['gateway.yaml', 'tiers.yaml', 'publisher.yaml']) {
      expect(template(name)).toMatch(/include "strates\.pod" /)
      expect(template(name)).toMatch(/include "strates\.container" /)
    }
    expect(all).not.toMatch(/hostNetwork|hostPath|hostPID|privileged: true/)
  })

  it('ask after health at the port of the image, and give a gateway the time that it takes to end', () => {
    const helpers = template('_helpers.tpl')
    expect(helpers).toContain('{ name: http, containerPort: 4000 }')
    expect(helpers.match(/path: \/(readyz|livez), port: http/g)).toHaveLength(3)
    expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(helpers)?.[1])).toBeGreaterThanOrEqual(5 + 15)
  })

  it('let a first start take its time, and what never gets ready be replaced and evicted', () => {
    const [, seconds] = /"strates\.container" \(list \$ (\d+)\)/.exec(template('tiers.yaml')) ?? []
    const [, deadline] = /^ {2}progressDeadlineSeconds: (\d+)$/m.exec(template('tiers.yaml')) ?? []
    expect(Number(deadline)).toBeGreaterThan(Number(seconds))
    expect(template('publisher.yaml')).toContain('  podManagementPolicy: Parallel\n')
    for (const name of ['gateway.yaml', 'tiers.yaml'])
      expect(template(name)).toMatch(/maxUnavailable: 1\n.*\n {2}unhealthyPodEvictionPolicy: AlwaysAllow\n/)
  })

  it('let nobody reach anyone, but gateways by clients and subgraphs by gateways', () => {
    const policies = template('networkpolicies.yaml')
      .split('\n---\n')
      .map((text) => ({
        name: /name: \{\{ \$name \}\}-(\w+)/.exec(text)?.[1],
        isBoth: text.includes('policyTypes: [Ingress, Egress]'),
        ingress: / {2}ingress:\n([\s\S]*?)(?= {2}egress:|$)/.exec(text)?.[1] ?? '',
      }))
    expect(policies.map(({ name, isBoth }) => [name, isBoth])).toEqual([
      ['none', true],
      ['gateway', true],
      ['tiers', true],
      ['publisher', true],
    ])
    expect(policies.filter(({ ingress }) => ingress !== '').map(({ name }) => name)).toEqual(['gateway', 'tiers'])
    const tiers = policies.find(({ name }) => name === 'tiers')?.ingress ?? ''
    expect(tiers.match(/include "strates\.selector" \(list \. "(\w+)"\)/g)).toEqual([
      'include "strates.selector" (list . "gateway")',
    ])
    expect(tiers).toMatch(/^ {4}- from:/)
  })
})
