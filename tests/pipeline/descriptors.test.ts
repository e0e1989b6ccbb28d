import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Example } from '../../core/observations/dataset.ts'
import { LICENCES } from '../../core/observations/licence.ts'
import { conform } from '../../pipeline/conform.ts'
import { findDescriptors, type FoundDescriptor } from '../../pipeline/descriptors.ts'
import { normaliseHeader, readTable } from '../../pipeline/read.ts'
import { csvOf } from './csv.ts'

const found = await findDescriptors()
const ids = new Set(found.map(({ descriptor }) => descriptor.id))
const definitions = found.flatMap(({ descriptor }) =>
  descriptor.measures.flatMap(({ defines }) => (defines ? [defines] : [])),
)

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-examples-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

let written = 0

/** What the pipeline makes of the row of an example, in a file of its own (DuckDB keeps pieces of what it has read), under the names that the mapping uses. */
async function givenBy({ descriptor }: FoundDescriptor, { row }: Example): Promise<Record<string, unknown>> {
  const path = join(folder, `example-${(written += 1)}.csv`)
  await writeFile(path, csvOf([row]))
  const read = await readTable(connection, { path, name: 'example.csv', datasetId: descriptor.id }, 'example')
  const { rows } = await conform(connection, 'example', read, descriptor, 'example.csv')
  expect(rows).toHaveLength(1)
  const { values, ...facts } = rows[0]!
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return { ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [snake(name), value])), ...values }
}

describe.each(found.map((each) => [each.descriptor.id, each] as const))('the descriptor %s', (_, each) => {
  const { descriptor } = each

  it.each(descriptor.examples.map((example) => [example.says, example] as const))(
    'holds its example: %s',
    async (_says, example) => {
      expect(await givenBy(each, example)).toMatchObject(example.gives)
    },
  )

  it('shows in an example how a row becomes a figure', () => {
    const measures = descriptor.measures.map(({ measure }) => measure)
    const given = descriptor.examples.flatMap(({ gives }) => measures.map((measure) => gives[measure]))
    expect(given.some((figure) => typeof figure === 'number')).toBe(true)
  })

  it('has a licence, an attribution and a page for its source', () => {
    expect(LICENCES).toHaveProperty([descriptor.licence])
    expect(descriptor.attribution.length).toBeGreaterThan(10)
    expect(() => new URL(descriptor.sourceUrl)).not.toThrow()
    expect(descriptor.roles).toEqual({
      competent: expect.stringMatching(/./),
      legalBasis: expect.stringMatching(/./),
      producer: expect.stringMatching(/./),
      publisher: expect.stringMatching(/./),
    })
  })

  it('takes no header for two columns', () => {
    const headers = Object.values(descriptor.columns).flatMap(({ names }) => [...new Set(names.map(normaliseHeader))])
    expect(headers).toEqual([...new Set(headers)])
  })

  it('yields only to datasets that exist and give the measure or its parts', () => {
    for (const { measure, yieldsTo = [] } of descriptor.measures) {
      const parts = definitions.find(({ id }) => id === measure)?.parts ?? []
      for (const stronger of yieldsTo) {
        const claims = found
          .find((other) => other.descriptor.id === stronger)
          ?.descriptor.measures.map((claim) => claim.measure)
        expect(
          claims?.some((claim) => [measure, ...parts].includes(claim)),
          `${measure} yields to ${stronger}`,
        ).toBe(true)
      }
    }
  })

  it('claims only measures that some descriptor defines', () => {
    for (const { measure } of descriptor.measures) expect(definitions.map(({ id }) => id)).toContain(measure)
  })
})

describe('the descriptors together', () => {
  it('define each measure once, in the folder of its owner', () => {
    expect(definitions.map(({ id }) => id)).toEqual([...new Set(definitions.map(({ id }) => id))])
    for (const { descriptor } of found) {
      for (const { defines } of descriptor.measures) if (defines) expect(defines.owner).toBe(descriptor.owner)
    }
  })

  it('never let two sources claim a measure without one yielding to the other', () => {
    const claims = found.flatMap(({ descriptor }) =>
      descriptor.measures
        .filter(({ defines }) => defines?.parts === undefined)
        .map((claim) => ({ id: descriptor.id, ...claim })),
    )
    for (const [measure, same] of Map.groupBy(claims, (claim) => claim.measure)) {
      for (const [position, one] of same.entries()) {
        for (const other of same.slice(position + 1)) {
          const settled = one.yieldsTo?.includes(other.id) || other.yieldsTo?.includes(one.id)
          expect(settled, `${measure}: ${one.id} and ${other.id}`).toBe(true)
        }
      }
    }
  })

  it('let no file of a folder belong to two datasets', () => {
    const names = [...ids].map((id) => `${id}.csv`).concat('annuaire-education-extract-2025-06.csv')
    for (const name of names) {
      const owners = found.filter(({ descriptor }) => descriptor.fileNames.some((pattern) => pattern.test(name)))
      expect(owners.length, name).toBeLessThanOrEqual(1)
    }
  })
})

describe('finding descriptors in a folder', () => {
  async function put(owner: string, name: string, content: string): Promise<string> {
    const subgraphs = await mkdtemp(join(folder, 'subgraphs-'))
    await mkdir(join(subgraphs, owner, 'datasets'), { recursive: true })
    await writeFile(join(subgraphs, owner, 'datasets', name), content)
    return subgraphs
  }

  it('takes a file that was only put there', async () => {
    const subgraphs = await put('epci', 'new.ts', "export default { id: 'new', owner: 'epci' }\n")
    expect((await findDescriptors(subgraphs)).map(({ file }) => file)).toEqual(['subgraphs/epci/datasets/new.ts'])
  })

  it('refuses a file without descriptor, and names it', async () => {
    const subgraphs = await put('epci', 'empty.ts', 'export const nothing = 1\n')
    await expect(findDescriptors(subgraphs)).rejects.toMatchObject({
      code: 'DESCRIPTOR_INVALID',
      facts: { on: 'subgraphs/epci/datasets/empty.ts' },
    })
  })

  it('refuses a descriptor in the folder of another owner', async () => {
    const subgraphs = await put('epci', 'strange.ts', "export default { id: 'strange', owner: 'region' }\n")
    await expect(findDescriptors(subgraphs)).rejects.toMatchObject({
      code: 'DESCRIPTOR_INVALID',
      message: expect.stringMatching(/owner region.*epci/),
    })
  })

  it('refuses two descriptors of one id, and names both', async () => {
    const subgraphs = await put('epci', 'one.ts', "export default { id: 'same', owner: 'epci' }\n")
    await writeFile(join(subgraphs, 'epci', 'datasets', 'two.ts'), "export default { id: 'same', owner: 'epci' }\n")
    await expect(findDescriptors(subgraphs)).rejects.toThrow(/id same.*one\.ts and .*two\.ts/)
  })
})
