import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'

const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/** Throws in development, where a value has the name of a class of another copy of graphql-js. */
const PROBE = `
  const { instanceOf } = await import('graphql/jsutils/instanceOf.mjs')
  const other = Object.create({ [Symbol.toStringTag]: 'Kind' })
  class Kind { get [Symbol.toStringTag]() { return 'Kind' } }
  try { instanceOf(other, Kind); console.log(process.env.NODE_ENV, 'fast') } catch { console.log(process.env.NODE_ENV, 'checking') }`

/** What graphql-js is to a program started with the flags of a script. */
function seenBy(script: string): string {
  const flags = (scripts[script] ?? '').split(' ').filter((word) => word.startsWith('--') && word !== '--watch')
  const { NODE_ENV: _, ...env } = process.env
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', PROBE], {
    cwd: REPOSITORY,
    env,
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}

describe('the scripts of npm', () => {
  it('run in any shell: none sets a variable before its command', () => {
    expect(Object.entries(scripts).filter(([, script]) => /(^|&& )\w+=/.test(script))).toEqual([])
  })

  it.each(['start', 'gateway', 'subgraph'])('%s serves in production', (script) => {
    expect(seenBy(script)).toBe('production fast')
  })

  it('dev keeps the checks of development', () => {
    expect(seenBy('dev')).toBe('undefined checking')
  })
})
