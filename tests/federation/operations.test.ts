/** Every operation of the folder answers, over the fixture store. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'
import { variablesOf } from './variables.ts'

const FOLDER = join(REPOSITORY, 'operations')
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'))

let gateway: Federation
beforeAll(async () => {
  gateway = await startFederation()
})
afterAll(() => gateway?.close())

describe('the operations', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(3)
  })

  it.each(files)('%s begins with its question, names itself, and is answered without error', async (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    expect(text).toMatch(/^# \S.*\nquery [A-Z]\w+[ (]/)
    const data: object = await gateway.get(text, variablesOf(name))
    expect(Object.values(data).filter((value) => value === null)).toEqual([])
  })
})
