import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { found, NODE, textOf, yamlOf } from './files.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly container?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly 'runs-on': string
  readonly steps: readonly Step[]
}

const workflows = found('.github/workflows/*.yml').map((path) => [path, yamlOf(path)] as const)
const jobs = workflows.flatMap(([path, { jobs: of }]) =>
  Object.entries(of as Record<string, Job>).map(([name, job]) => [`${name} of ${path}`, job] as const),
)
const steps = jobs.flatMap(([, job]) => job.steps)
const allRuns = steps.map(({ run = '' }) => run).join('\n')

describe('the workflows', () => {
  it('test, audit, list what is in it and make the image', () => {
    expect(workflows.map(([, { name }]) => name)).toEqual(['audit', 'image', 'test'])
    for (const part of ['bash .ci/run', 'npm audit --omit=dev', 'npm sbom', 'docker build'])
      expect(allRuns).toContain(part)
  })

  it.each(workflows)('%s may read and nothing else, and runs once at a time for each branch', (_, workflow) => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(workflow.concurrency.group).toBe('${{ github.workflow }}-${{ github.ref }}')
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
  })

  it.each(jobs)('%s ends in time, on a system of a known age', (_, job) => {
    expect(job['timeout-minutes']).toBeLessThanOrEqual(45)
    expect(job['runs-on']).toBe('ubuntu-24.04')
  })

  it('give the right to write to no job but the one that pushes, which runs for tags only and checks out nothing', () => {
    const writers = jobs.filter(([, { permissions = {} }]) => Object.values(permissions).includes('write'))
    expect(writers.map(([name]) => name)).toEqual(['push of .github/workflows/image.yml'])
    const [[, push]] = writers as [[string, Job & { readonly if: string }]]
    expect(push.if).toBe("startsWith(github.ref, 'refs/tags/v')")
    expect(push.steps.filter(({ uses = '' }) => uses.includes('checkout'))).toEqual([])
  })

  it('name what they use by its commit, keep no key of the checkout, and put nothing of a request into a shell', () => {
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter((one) => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(one))).toEqual([])
    for (const { uses = '', with: given } of steps)
      if (uses.startsWith('actions/checkout@')) expect(given?.['persist-credentials']).toBe(false)
    expect(allRuns).not.toContain('${{')
  })

  it('run on the release of Node of the image, on files that there are', () => {
    const containers = jobs.flatMap(([, { container }]) => container ?? [])
    expect(containers).toEqual([`node:${NODE}-bookworm`])
    const versions = steps.flatMap(({ with: given }) => given?.['node-version'] ?? [])
    expect(new Set(versions)).toEqual(new Set([NODE]))
    for (const [, path = ''] of allRuns.matchAll(/((?:\.ci|deploy)\/[\w./-]+|compose[\w.]+\.yaml)/g))
      expect(existsSync(join(REPOSITORY, path)), path).toBe(true)
    expect(textOf('.github/workflows/image.yml')).toContain('STRATES_SUBGRAPH_SECRET=0123456789abcdef')
  })
})
