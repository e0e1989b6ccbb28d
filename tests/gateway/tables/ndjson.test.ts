import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostileText } from './hostile.ts'
import { PUPILS, tableOf, write } from './example.ts'

describe('NDJSON', () => {
  it('has an object a row and a line, its keys in the order of the columns', async () => {
    const columns = [
      { name: 'name' },
      { name: 'code' },
      { name: 'n', type: 'number' },
      { name: 'b', type: 'boolean' },
    ] as const
    const text = `${await write(
      'ndjson',
      tableOf(columns, [
        ['Évian', '74119', -0, false],
        [null, '', 1e21, null],
      ]),
    )}`
    expect(text).toBe('{"name":"Évian","code":"74119","n":0,"b":false}\n{"name":null,"code":"","n":1e+21,"b":null}\n')
  })

  it('is empty where there is no row', async () => {
    expect(await write('ndjson', { ...PUPILS, rows: [] })).toHaveLength(0)
  })

  it('gives back every text, a line for each, in UTF-8 that a strict reader takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText, { maxLength: 8 }), async (texts) => {
        const bytes = await write(
          'ndjson',
          tableOf(
            [{ name: 'a' }],
            texts.map((text) => [text]),
          ),
        )
        const lines = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line).a)).toEqual(texts.map((text) => text.toWellFormed()))
        expect(bytes.toString()).not.toMatch(/\\ud[89a-f]/i)
      }),
    )
  })
})
