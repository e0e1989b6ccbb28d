/** Every operation of the folder answers, over the fixture store, what is written down in `answers/`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOperations } from '../../gateway/doors/operations/operation.ts'
import { startFederation, type Federation } from './federation.ts'

/*
 * Drop a document into `operations/`, and the next run writes its answer here, to be read before it is committed; on CI a missing answer
 * fails. What the store is made of anew each time, hashes and the moment of the ingest, is left out.
 */

const ANSWERS = join(import.meta.dirname, 'answers')
const OPERATIONS = readOperations()

let gateway: Federation
beforeAll(async () => {
  gateway = await startFederation()
})
afterAll(() => gateway?.close())

describe('the operations', () => {
  it('are there', () => {
    expect(OPERATIONS.length).toBeGreaterThan(10)
  })

  it.each(OPERATIONS)('$name begins with its question, names itself, and is answered without error', async (one) => {
    const { name, operationName, text, question } = one
    expect(operationName.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()).toBe(name)
    expect(question).toMatch(/[.?]$/)
    const data: object = await gateway.get(text)
    expect(Object.values(data).filter((value) => value === null)).toEqual([])
  })

  it.each(OPERATIONS)('$name answers what is written down', async ({ name, text }) => {
    const found = stable(await gateway.get(text))
    const file = join(ANSWERS, `${name}.json`)
    if (!existsSync(file) && !process.env['CI']) writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`)
    expect(found).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  })

  it('are those of which answers are written down', () => {
    const written = readdirSync(ANSWERS).map((file) => file.replace('.json', ''))
    expect(written.toSorted()).toEqual(OPERATIONS.map(({ name }) => name).toSorted())
  })
})

/** What tells of the ingest, and not of the data. */
const OF_THE_INGEST: ReadonlySet<string> = new Set([
  'retrievedAt',
  'datasetVersion',
  'snapshot',
  'lastUpdate',
  'nextExpected',
  'version',
])

function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, OF_THE_INGEST.has(name) && one !== null ? '…' : stable(one)]),
  )
}
