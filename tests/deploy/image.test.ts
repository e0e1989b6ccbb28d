import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../core/environment.ts'
import { REPOSITORY } from '../fixtures/store.ts'
import { checkCommand, found, instructionsOf, NODE, PACKAGE, textOf, VARIABLES } from './files.ts'

const instructions = instructionsOf('Dockerfile')
const all = (name: string) => instructions.filter((one) => one.name === name).map(({ value }) => value)
const only = (name: string) => {
  const [value = '', ...others] = all(name)
  expect(others).toEqual([])
  return value
}
const environment = Object.fromEntries(
  only('ENV')
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
)

describe('the image', () => {
  it('is made of the release of Node that npm ci brings, by its whole name', () => {
    expect(only('ARG')).toBe(`NODE_IMAGE=node:${NODE}-bookworm-slim`)
    expect(all('FROM')).toEqual(['${NODE_IMAGE} AS packages', '${NODE_IMAGE}'])
    expect(only('LABEL')).toContain(`base.name="docker.io/library/node:${NODE}-bookworm-slim"`)
  })

  it('starts what npm start starts, by Node as process 1, and serves no invented data', () => {
    const command = [...JSON.parse(only('ENTRYPOINT')), ...JSON.parse(only('CMD'))] as string[]
    expect(command).toEqual(['node', 'gateway/main.ts', '--no-simulated'])
    checkCommand(command.slice(1))
  })

  it('sets what the programs accept, and serves beyond itself at the port that it names', () => {
    expect(Object.keys(environment).filter((name) => !VARIABLES.has(name))).toEqual([])
    const { host, port, dataFolder, refresh } = readEnvironment(environment)
    expect({ host, port, dataFolder, refresh }).toEqual({
      host: '0.0.0.0',
      port: 4000,
      dataFolder: '/data',
      refresh: false,
    })
    expect(only('EXPOSE')).toBe('4000')
    expect(only('VOLUME')).toBe('/data')
    expect(textOf('production.env')).toContain(`\nNODE_ENV=${environment['NODE_ENV']}\n`)
  })

  it('asks after its health where there is an answer, at that port', () => {
    expect(only('HEALTHCHECK')).toContain('http://127.0.0.1:4000/readyz')
  })

  it('runs as a user that is not root, named by number so that a cluster can tell', () => {
    expect(only('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(all('RUN').at(-1)).toContain(`install -d -o ${only('USER').split(':').join(' -g ')} /data`)
  })

  it('installs what serves, from the lockfile, without running what packages bring', () => {
    const [install = ''] = all('RUN')
    for (const part of ['npm ci', '--omit=dev', '--ignore-scripts']) expect(install).toContain(part)
    for (const name of Object.keys(PACKAGE.optionalDependencies))
      expect(install, name).toMatch(new RegExp(`rm -rf .*node_modules/${name.split('-', 2).join('-')}-\\*`))
  })

  it('takes files by name, so that no secret comes with them', () => {
    const [first, ...named] = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(first).toBe('*')
    expect(named.filter((line) => !line.startsWith('!') || !existsSync(join(REPOSITORY, line.slice(1))))).toEqual([])
    expect(named.filter((line) => /env|tests|\.git|node_modules/.test(line))).toEqual([])
  })

  it('holds every file that its programs import, and every page that they show', () => {
    const taken = [...textOf('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path)
    const isTaken = (path: string) => taken.some((one) => path === one || path.startsWith(`${one}/`))
    const needed = new Set(['gateway/main.ts', 'gateway/process/worker.ts', 'subgraphs/main.ts', 'pipeline/main.ts'])
    for (const file of needed)
      for (const [, , target = ''] of textOf(file).matchAll(/(from|import\() ?'(\.[^']+)'/g))
        needed.add(join(dirname(file), target).replaceAll('\\', '/'))
    expect(needed.size).toBeGreaterThan(200)
    const pages = [...textOf('gateway/doors/docs/library.ts').matchAll(/^ {2}\['[^']*', '([^']+\.md)'\]/gm)]
    expect(pages.length).toBeGreaterThan(3)
    const files = [...needed, ...pages.map(([, path = '']) => path), ...found('docs/*.md'), ...found('operations/*')]
    expect(files.filter((file) => !isTaken(file))).toEqual([])
  })
})
