/** Every door gives the same numbers: the same questions asked as GraphQL, REST, CSV, NDJSON and Parquet, and by an assistant. */
import { parse as parseCsv } from 'csv-parse/sync'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Operation } from '../../gateway/doors/operations/operation.ts'
import { startFederation, type Federation } from '../federation/federation.ts'
import { connectTo, type TestClient } from '../gateway/mcp/client.ts'
import { randomQuestions, type Variables } from './randomQuestions.ts'

let federation: Federation
let assistant: TestClient
beforeAll(async () => {
  federation = await startFederation({ tellsEdition: true })
  assistant = await connectTo(federation.app)
})
afterAll(async () => {
  await assistant?.close()
  await federation?.close()
})

/** A figure as any door tells it. */
interface Figure {
  readonly value: number | null
  readonly status: string | null
}

type Row = Readonly<Record<string, unknown>>

const search = (variables: Variables): string => {
  const entries = Object.entries(variables).map(([name, value]): [string, string] => [name, `${value}`])
  return `${new URLSearchParams(entries)}`
}

async function get({ name }: Operation, extension: string, variables: Variables) {
  const url = `/v1/${name}${extension}?${search(variables)}`
  const { status, body } = await federation.app.handle({ method: 'GET', url, headers: {} })
  return { status, bytes: Buffer.from(body as Uint8Array) }
}

/** The rows of an answer of GraphQL, found by the paths that the document names. */
function rowsOf(data: unknown, { rows }: Operation): readonly Row[] {
  return rows.flatMap((path) => {
    let reached: readonly unknown[] = [data]
    for (const key of path) reached = reached.flatMap((one) => (one as Row | null)?.[key] ?? [])
    return reached as readonly Row[]
  })
}

/** The figures of a row, in their order, wherever they stand below it. */
function figuresOf(row: unknown): readonly Figure[] {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return []
  const { value, status } = row as Row
  const own = value !== undefined && status !== undefined ? [{ value, status } as Figure] : []
  return [...own, ...Object.values(row).flatMap(figuresOf)]
}

/** The figures of a row of a table, in the order of its columns. */
function figuresOfCells(row: Row): readonly Figure[] {
  return Object.keys(row)
    .filter((name) => /(^|_)value$/.test(name) && name.replace(/value$/, 'status') in row)
    .map((name) => ({
      value: row[name] === '' || row[name] === null ? null : Number(row[name]),
      status: (row[name.replace(/value$/, 'status')] || null) as string | null,
    }))
}

describe('300 random questions', () => {
  it('have the same numbers and statuses at every door, or the same error', async () => {
    let figures = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(randomQuestions, async ({ operation, variables }) => {
        const what = `${operation.name}?${search(variables)}`
        const { data, errors } = await federation.ask(operation.text, variables)
        const json = await get(operation, '.json', variables)
        const called = await assistant.call(operation.name.replaceAll('-', '_'), variables)
        if (json.status !== 200) {
          refused += 1
          const { code } = JSON.parse(json.bytes.toString())
          expect(code, what).toBe(errors?.[0]?.extensions['code'])
          // An assistant is given shorter pages, which may cost less, and more of each source, which may cost more.
          const isTold = called.text.includes(code) || called.text.includes('COST_TOO_HIGH')
          if (code !== 'COST_TOO_HIGH')
            expect([called.isError, isTold], `${what}: ${called.text}`).toEqual([true, true])
          return
        }
        expect(called.isError, `${what}: ${called.text}`).toBe(false)
        expect(JSON.parse(json.bytes.toString()).data, what).toEqual(data)
        const expected = rowsOf(data, operation).map(figuresOf)
        const shown = rowsOf(called.structured.data, operation).map(figuresOf)
        // Never more than the list, and all of it or a part that says so.
        expect(shown.length === expected.length || /\d of (\d+|more)/.test(called.text), what).toBe(true)
        expect(shown, what).toEqual(expected.slice(0, shown.length))
        for (const rows of await tablesOf(operation, variables)) {
          expect(rows.length, what).toBe(expected.length)
          for (const [index, row] of rows.entries()) {
            // Where a figure did not come, GraphQL has an error for it, and a table a status: the others are the same.
            const there = ({ value }: Figure) => errors === undefined || value !== null
            const own = (expected[index] ?? []).filter(there)
            const found = figuresOfCells(row).filter(there)
            // Before them stand those of what leads to the row, the same in each.
            expect(own.length === 0 ? [] : found.slice(-own.length), what).toEqual(own)
            figures += own.length
          }
        }
      }),
      { numRuns: 300, seed: 2026 },
    )
    expect(figures).toBeGreaterThan(1500)
    expect(refused).toBeGreaterThan(20)
  })
})

/** The rows of a question in each format that holds any table. */
async function tablesOf(operation: Operation, variables: Variables): Promise<readonly (readonly Row[])[]> {
  const names = operation.definition.variableDefinitions?.map(({ variable }) => variable.name.value) ?? []
  // Tables have all pages; the answer of GraphQL is one.
  const same = names.includes('after') ? { first: 50, ...variables } : variables
  const [csv, ndjson, parquet] = await Promise.all(
    ['.csv', '.ndjson', '.parquet'].map((extension) => get(operation, extension, same)),
  )
  const file = new Uint8Array(parquet!.bytes).buffer
  return [
    parseCsv(csv!.bytes, { columns: true }) as Row[],
    ndjson!.bytes
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row),
    (await parquetReadObjects({ file })) as Row[],
  ]
}
