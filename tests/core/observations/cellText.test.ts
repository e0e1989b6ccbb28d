import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { csvCells, csvTexts, jsonMembers, undefused } from '../../../core/observations/cellText.ts'
import { FEED_COLUMNS, type FeedCell } from '../../../core/observations/feed.ts'

const TEXT = { type: 'string' } as const
const NUMBER = { type: 'number' } as const

describe('cells as CSV', () => {
  it('put texts between quotes, and leave numbers, truths and times bare and nothing empty', () => {
    const columns = [TEXT, NUMBER, { type: 'boolean' }, NUMBER, { type: 'datetime' }, TEXT] as const
    expect(csvCells(columns, ['01001', -3.5, false, null, '2026-01-02T03:04:05.000Z', 'dit "Le Petit"'])).toBe(
      '"01001",-3.5,false,,2026-01-02T03:04:05.000Z,"dit ""Le Petit"""',
    )
  })

  it.each(['=1+1', '+33', '-2', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])(
    'make the formula %j harmless, and give it back',
    (formula) => {
      expect(csvCells([TEXT], [formula])).toBe(`"'${formula}"`)
      expect(undefused(`'${formula}`)).toBe(formula)
    },
  )

  it('leave a text that only holds a sign, and an elision, as they are', () => {
    for (const text of ['a=1', "'s Graveland", "L'Haÿ-les-Roses"]) {
      expect(csvCells([TEXT], [text])).toBe(`"${text}"`)
      expect(undefused(text)).toBe(text)
    }
  })

  it('are read back, the first of them or all, whatever the text', () => {
    const someCell = fc.option(fc.string({ unit: fc.constantFrom('"', ',', "'", '=', 'é', '1') }))
    fc.assert(
      fc.property(fc.array(someCell, { minLength: 1 }), fc.nat({ max: 5 }), (cells, most) => {
        const line = csvCells(
          cells.map(() => TEXT),
          cells,
        )
        expect(csvTexts(line).map(undefused)).toEqual(cells.map((cell) => (cell === null ? '' : undefused(cell))))
        expect(csvTexts(line, most)).toEqual(csvTexts(line).slice(0, most))
      }),
    )
    expect(csvTexts('"damaged,1')).toEqual(['damaged,1'])
  })

  it('are read back by another program, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (texts) => {
        const line = csvCells(
          texts.map(() => TEXT),
          texts,
        )
        const [read = []] = parse(line)
        expect(read.map((text) => text.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, ''))).toEqual(
          texts.map((text) => text.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, '')),
        )
      }),
    )
  })
})

describe('cells as members of JSON', () => {
  it('are those of a feed, with its names', () => {
    const cells = FEED_COLUMNS.map(({ type }): FeedCell => (type === 'string' ? 'é"\n' : type === 'number' ? null : 1))
    const read = JSON.parse(`{${jsonMembers(FEED_COLUMNS, cells)}}`) as Record<string, unknown>
    expect(Object.keys(read)).toEqual(FEED_COLUMNS.map(({ name }) => name))
    expect(Object.values(read)).toEqual(cells)
  })
})
